import { compare, isPositive, scaleOf, type Decimal } from '../../../domain/decimal.ts';
import type { ChannelCode, Sku } from '../../../domain/ids.ts';
import { instant } from '../../../domain/time.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import type { AllocationStanding } from '../promise/allocation.ts';
import type { InventoryPolicy } from '../promise/policy.ts';
import { lockSkus } from '../sku-lock.ts';
import type { RuleTools } from './administration.ts';
import { announceShares } from './announce-shares.ts';
import { movable, settleMoves, type Move } from './moves.ts';
import { checkKey, invalid, refused, type Outcome, type Refusal } from './rule-checks.ts';
import type { AllocationRule } from './rule.ts';
import { readStanding, type SkuStanding } from './standing.ts';
import { rememberRequest, wasCarriedOut, type KeyedRequest } from './store-requests.ts';
import { holdRuleOf } from './store-rules.ts';
import { SETTLED, writeMoves, type AuditedMove } from './store-moves.ts';

export interface MoveRequest extends Move, KeyedRequest {
  readonly sku: Sku;
  readonly reason: string;
}

export interface MoveTools extends RuleTools {
  readonly clock: Clock;
  readonly policy: InventoryPolicy;
}

const MAX_REASON = 500;

function checkMove({ idempotencyKey, from, to, quantity, reason }: MoveRequest): readonly Refusal[] {
  const refusals: Refusal[] = [...checkKey(idempotencyKey)];
  if (from === to) refusals.push(invalid(['to'], 'from and to must differ; null is the pool'));
  if (!isPositive(quantity)) refusals.push(invalid(['quantity'], 'quantity must be above zero'));
  const isReason = reason.trim() !== '' && reason.length <= MAX_REASON && !reason.includes('\0') && reason.isWellFormed();
  if (!isReason) refusals.push(invalid(['reason'], `reason must have 1 to ${MAX_REASON} characters`));
  return refusals;
}

/**
 * Moves what a channel has not used of its own share, or what is in the pool, within the running period. Audited.
 * @throws Failure CONFLICT for a key used with another request.
 */
export function moveByHand(tools: MoveTools, request: MoveRequest): Promise<Outcome<SkuStanding | null>> {
  const refusals = checkMove(request);
  if (refusals.length > 0) return Promise.resolve(refused(...refusals));
  const { sku, from, to, quantity, reason } = request;
  return tools.database.transaction(async (tx) => {
    const payload = ['move', sku, from, to, quantity, reason];
    if (await wasCarriedOut(tx, request, payload)) return { ok: true, value: await readStanding(tx, sku, tools) };
    await lockSkus(tx, [sku]);
    const rule = await holdRuleOf(tx, sku);
    const before = rule && (await readStanding(tx, sku, tools));
    if (!rule || !before) return refused({ code: 'NOT_FOUND', field: ['sku'], message: `${JSON.stringify(sku)} is not allocated: no rule covers it` });
    const obstacles = findObstacles(request, rule, before.standing, before.quantityDigits);
    if (obstacles.length > 0) return refused(...obstacles);
    await carryOut(tx, tools, rule, request, before.standing);
    await rememberRequest(tx, request, payload);
    return { ok: true, value: await readStanding(tx, sku, tools) };
  });
}

function findObstacles({ from, to, quantity }: Move, { shares, code }: AllocationRule, standing: AllocationStanding, quantityDigits: number): readonly Refusal[] {
  const isUnknown = (channel: ChannelCode | null): boolean => channel !== null && !shares.some((share) => share.channel === channel);
  const unknown = ([['from', from], ['to', to]] as const).filter(([, channel]) => isUnknown(channel));
  if (unknown.length > 0) return unknown.map(([field, channel]) => invalid([field], `${JSON.stringify(channel)} has no share in the rule ${JSON.stringify(code)}`));
  if (scaleOf(quantity) > quantityDigits) return [invalid(['quantity'], `quantity may have ${quantityDigits} fraction digits, not ${scaleOf(quantity)}`)];
  const most: Decimal = movable(standing, from);
  return compare(quantity, most) > 0 ? [invalid(['quantity'], `at most ${most} can be moved from ${from === null ? 'the pool' : from} now`)] : [];
}

async function carryOut(tx: Sql, { clock }: MoveTools, rule: AllocationRule, { sku, from, to, quantity, reason, owner }: MoveRequest, standing: AllocationStanding): Promise<void> {
  const asked: Move = { from, to, quantity };
  const moves = settleMoves(standing, [asked]).map((move): AuditedMove => ({
    ...move, sku, movedBy: owner, figures: null, ...(move === asked ? { cause: 'MANUAL', reason } : { cause: 'SETTLED', reason: SETTLED }),
  }));
  await writeMoves(tx, { code: rule.code, period: rule.period.number }, moves);
  await announceShares(tx, [sku], instant(clock.now()));
}

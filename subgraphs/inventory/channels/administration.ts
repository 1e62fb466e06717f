import type { Sku } from '../../../domain/ids.ts';
import type { Database, Sql } from '../../../platform/stores/sql.ts';
import type { InventoryPolicy } from '../promise/policy.ts';
import { checkDraft, checkKey, explainObstacles, refused, type Outcome } from './rule-checks.ts';
import type { AllocationRule, RuleDraft, RuleShare } from './rule.ts';
import { noteChange } from './store-notices.ts';
import { endPeriod, restartPeriod } from './store-periods.ts';
import { rememberRequest, wasCarriedOut, type KeyedRequest } from './store-requests.ts';
import { deleteRule, findObstacles, lockRules, readRule, writeListedSkus, writeRule } from './store-rules.ts';

export interface RuleTools {
  readonly database: Database;
  readonly policy: Pick<InventoryPolicy, 'channels'>;
}

/**
 * Makes or replaces a rule. Other shares or another length begin a new period: what can be sold at that moment is shared
 * out anew. SKUs that come or go, a name, buffers and reallocation change while the period goes on.
 * @throws Failure CONFLICT for a key used with another request.
 */
export function setRule({ database, policy }: RuleTools, request: KeyedRequest, draft: RuleDraft): Promise<Outcome<AllocationRule | null>> {
  const refusals = [...checkKey(request.idempotencyKey), ...checkDraft(draft, policy)];
  if (refusals.length > 0) return Promise.resolve(refused(...refusals));
  return database.transaction(async (tx) => {
    const payload = ['set', draft];
    if (await wasCarriedOut(tx, request, payload)) return { ok: true, value: await readRule(tx, draft.code) };
    await lockRules(tx);
    const obstacles = explainObstacles(draft, await findObstacles(tx, draft));
    if (obstacles.length > 0) return refused(...obstacles);
    await replaceRule(tx, await readRule(tx, draft.code), draft, request.owner);
    await rememberRequest(tx, request, payload);
    return { ok: true, value: await readRule(tx, draft.code) };
  });
}

async function replaceRule(tx: Sql, before: AllocationRule | null, draft: RuleDraft, by: string): Promise<void> {
  await writeRule(tx, draft, by);
  const moved = await writeListedSkus(tx, draft.code, draft.skus ?? []);
  if (before && (before.periodHours !== draft.periodHours || divisionOf(before.shares) !== divisionOf(draft.shares))) await restartPeriod(tx, draft.code);
  const isForAll = before?.covers === 'ALL' || draft.skus === null;
  if (isForAll) return noteChange(tx, null);
  const isOther = before === null || divisionOf(before.shares) !== divisionOf(draft.shares) || buffersOf(before.shares) !== buffersOf(draft.shares);
  return noteChange(tx, isOther || before.periodHours !== draft.periodHours ? union(draft.skus, moved) : moved);
}

/** Who gets how much, whatever their buffers. */
const divisionOf = (shares: readonly RuleShare[]): string =>
  JSON.stringify(shares.map(({ channel, share }) => [channel, share.kind, share.kind === 'PERCENT' ? share.percent : share.quantity]));

const buffersOf = (shares: readonly RuleShare[]): string => JSON.stringify(shares.map(({ buffer }) => buffer));

const union = (a: readonly Sku[], b: readonly Sku[]): readonly Sku[] => [...new Set([...a, ...b])];

/**
 * Removes a rule: its SKUs are then the rule's for all, or anybody's.
 * @throws Failure CONFLICT for a key used with another request.
 */
export function removeRule({ database }: RuleTools, request: KeyedRequest, code: string): Promise<Outcome<AllocationRule | null>> {
  const refusals = checkKey(request.idempotencyKey);
  if (refusals.length > 0) return Promise.resolve(refused(...refusals));
  return database.transaction(async (tx) => {
    const payload = ['remove', code];
    if (await wasCarriedOut(tx, request, payload)) return { ok: true, value: null };
    await lockRules(tx);
    const rule = await readRule(tx, code);
    if (rule === null) return refused({ code: 'NOT_FOUND', field: ['code'], message: `there is no rule ${JSON.stringify(code)}` });
    const released = await writeListedSkus(tx, code, []);
    await noteChange(tx, rule.covers === 'ALL' ? null : released);
    await endPeriod(tx, code, 'RULE_REMOVED');
    await deleteRule(tx, code);
    await rememberRequest(tx, request, payload);
    return { ok: true, value: rule };
  });
}

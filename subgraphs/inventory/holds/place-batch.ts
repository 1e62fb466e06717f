import { Failure } from '../../../domain/failure.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { Hold, HoldOutcome } from '../../../domain/inventory.ts';
import { addMs, instant, type Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { announceChange, announceDifferences, readFigures } from '../changes/announcements.ts';
import { countUse, type HoldUse } from '../channels/store-use.ts';
import { readKitsOf } from '../changes/kit-announcements.ts';
import { lockTouched } from '../sku-lock.ts';
import { decideBatch } from './decide-batch.ts';
import type { Decision } from './decide.ts';
import type { Demand } from './demand.ts';
import type { Settled } from './group-commit.ts';
import { figuresAfter } from './figures-after.ts';
import type { HoldTools } from './hold-tools.ts';
import { giveWay } from './replacement.ts';
import { readEarlier, writePlaced, type Earlier, type Placed } from './store-placement.ts';

type BatchTools = HoldTools & { readonly newId: () => string };
type Answer = Settled<HoldOutcome>;
type Answers = Map<Demand, Answer>;

/**
 * One transaction for all: see what was answered before, lock in SKU order, read stock once, decide each in the order of
 * arrival, write all, announce once per SKU. What a request does wrong is its own refusal; a throw undoes the batch.
 */
export async function placeBatch(tools: BatchTools, batch: readonly Demand[]): Promise<readonly Answer[]> {
  const first = firstOfKeys(batch);
  const answers: Answers = new Map();
  await tools.database.transaction(async (tx) => {
    const [earlier, locked] = await Promise.all([
      readEarlier(tx, first),
      lockTouched(tx, skusOf(first), first.flatMap(({ request }) => request.replacesHoldId ?? [])),
    ]);
    for (const [index, answer] of earlier) answers.set(first[index]!, replay(first[index]!, answer));
    const fresh = earlier.size === 0 ? first : first.filter((_, index) => !earlier.has(index));
    if (fresh.length > 0) await placeFresh(tools, tx, fresh, locked, answers);
  }, { releaseLocksEarly: true });
  // Keys that are twice in the batch: by now they have their answer.
  const again = batch.filter((demand) => !answers.has(demand));
  if (again.length > 0) for (const [index, answer] of (await placeBatch(tools, again)).entries()) answers.set(again[index]!, answer);
  return batch.map((demand) => answers.get(demand)!);
}

function firstOfKeys(batch: readonly Demand[]): readonly Demand[] {
  const byKey = new Map<string, Demand>();
  for (const demand of batch) {
    const key = `${demand.request.owner}\0${demand.request.idempotencyKey}`;
    if (!byKey.has(key)) byKey.set(key, demand);
  }
  return byKey.size === batch.length ? batch : [...byKey.values()];
}

const skusOf = (batch: readonly Demand[]): readonly Sku[] => [...new Set(batch.flatMap(({ lines }) => lines.map((line) => line.sku)))];

function replay({ digest }: Demand, earlier: Earlier): Answer {
  if (earlier.digest === digest) return { ok: true, value: earlier.outcome };
  return { ok: false, error: new Failure('CONFLICT', 'this idempotencyKey was used for another hold; use a new key', { field: ['idempotencyKey'] }) };
}

async function placeFresh(tools: BatchTools, tx: Sql, batch: readonly Demand[], locked: readonly Sku[], answers: Answers): Promise<void> {
  const [before, kits, { decisions, replaced }] = await Promise.all([readFigures(tx, locked), readKitsOf(tx, locked), decideBatch(tools, tx, batch)]);
  const placed: Placed[] = [];
  for (const [index, settled] of decisions.entries()) {
    if (settled.ok) placed.push({ id: tools.newId(), demand: batch[index]!, decision: settled.value });
    else answers.set(batch[index]!, settled);
  }
  if (placed.length === 0) return;
  requireLocked(placed, new Set(locked));
  await giveWay(tx, replaced);
  const now = instant(tools.clock.now());
  // Asked for at once, they travel at once, in this order: every turn less is a turn less under the lock.
  const [at] = await Promise.all([
    writePlaced(tx, placed),
    countUse(tx, placed.flatMap(useOf)),
    replaced.length > 0 ? null : announceChange(tx, before, figuresAfter(before, placed), now, kits),
  ]);
  if (replaced.length > 0) await announceDifferences(tx, before, locked, now);
  for (const entry of placed) answers.set(entry.demand, { ok: true, value: outcomeOf(entry, at) });
}

const useOf = ({ id, demand, decision }: Placed): readonly HoldUse[] =>
  decision.kind === 'HELD' && decision.uses.length > 0 ? [{ holdId: id, channel: demand.request.channel, uses: decision.uses }] : [];

/** A kit may have changed between what was locked and what was read: then all of it is done again. */
function requireLocked(placed: readonly Placed[], locked: ReadonlySet<Sku>): void {
  for (const { decision } of placed) {
    if (decision.kind === 'HELD' && decision.lines.some((line) => !locked.has(line.sku))) throw new Error('a kit has changed meanwhile; ask again');
  }
}

function outcomeOf({ id, demand, decision }: Placed, at: Instant): HoldOutcome {
  if (decision.kind === 'SHORT') return { kind: 'SHORT', lines: decision.short };
  return { kind: 'HELD', hold: holdOf(id, demand, decision, at), short: decision.short };
}

const holdOf = (id: string, { request }: Demand, { lines, basket }: Extract<Decision, { kind: 'HELD' }>, at: Instant): Hold => ({
  id, state: 'HELD', channel: request.channel, lines, basket, createdAt: at, expiresAt: addMs(at, request.ttlSeconds * 1_000),
});

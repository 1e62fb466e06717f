import type { Sku } from '../../../domain/ids.ts';
import { instant, type Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import type { MirrorTable } from '../../frame/mirror-table.ts';
import type { IncomingChange, RecordKind } from './incoming-change.ts';
import { compareFacts, readGroups, type Facts, type Judged } from './judge.ts';
import type { ProbeContext } from './move.ts';
import { draftOf } from './parked-change.ts';
import { planProbes, type PlanContext, type ProbeGroup } from './probe-plan.ts';
import { linksWith, listOf, movesPrices, namedSkus, targetsOf } from './reach.ts';
import { readCovered, readLinks } from './store-coverage.ts';
import { serveChanges } from './serve-changes.ts';
import { goesWithItem, rememberAbsent, removeRevived, reviveAbsent } from './store-absent.ts';
import { isFullPass, takeHeld } from './store-incoming.ts';
import {
  countCatalogue, forgetLost, lostKey, readLost, readMoved, readNewcomers, rememberLost, rememberMoved, settleNewcomers, welcome, type LostPrice,
} from './store-memory.ts';
import { park, recognise, supersedeVanished } from './store-parked.ts';
import { decide, type Parking, type Verdict, type VerdictContext } from './verdict.ts';

export interface SettleTools extends PlanContext {
  readonly now: () => Instant;
}

export interface Settled {
  /** Null: nothing was parked. */
  readonly batchId: string | null;
  readonly parked: readonly Parking[];
}

/** Serves of what was held back of one table what may be served, and parks the rest. The caller holds `lockGuard`. */
export async function settle(tx: Sql, table: MirrorTable, passStartedAt: string, tools: SettleTools): Promise<Settled> {
  const kind = table.name as RecordKind;
  const held = await takeHeld(tx, table);
  if (await isFullPass(tx, table.feed)) await supersedeVanished(tx, kind, held.map(({ key }) => key));
  const known = await recognise(tx, kind, held);
  const fresh = held.filter(({ key }) => !known.has(key));
  const { admitted, parked } = fresh.length === 0 ? { admitted: [], parked: [] } : await serveWhatMay(tx, kind, fresh, tools);
  const batchId = parked.length === 0 ? null : await park(tx, tools.settings.source, parked.map(draft), tools.settings.expiryMs);
  if (kind === 'list_price') await welcome(tx, 'SKU', await rememberAbsent(tx, admitted));
  if (kind === 'price_list') await welcome(tx, 'LIST', admitted.filter(({ before }) => before === null).map(({ key }) => key));
  if (kind === 'price_rule') await settleNewcomers(tx, passStartedAt);
  return { batchId, parked };
}

function draft(parking: Parking) {
  const named = namedSkus(parking.change);
  return draftOf(parking, listOf(parking.change), named?.length === 1 ? named[0]! : null);
}

interface Served {
  readonly admitted: readonly IncomingChange[];
  readonly parked: readonly Parking[];
}

/**
 * Writes all changes, looks what has become of the prices, and takes back what is too much, until nothing is: what is served in the end
 * has been seen exactly so. Each turn parks a change at least.
 */
async function serveWhatMay(tx: Sql, kind: RecordKind, changes: readonly IncomingChange[], tools: SettleTools): Promise<Served> {
  const absent = await reviveAbsent(tx, changes);
  const isJudged = (change: IncomingChange): boolean => movesPrices(change) && !goesWithItem(change, absent);
  const view = await prepare(tx, changes.filter(isJudged), tools);
  const parked: Parking[] = [];
  let admitted = changes;
  while (admitted.some(isJudged)) {
    await tx.run('savepoint price_guard');
    await serveChanges(tx, kind, admitted, tools.now());
    const after = await readGroups(tx, view.groups, tools.policy);
    const judged = await compareFacts(view.groups, view.before, after, view.probe);
    const verdict = decide(admitted.filter(isJudged), judged, view.verdictContext(after));
    if (verdict.parked.length === 0) {
      await tx.run('release savepoint price_guard');
      await removeRevived(tx, absent);
      await remember(tx, kind, judged, verdict, tools);
      return { admitted, parked };
    }
    await tx.run('rollback to savepoint price_guard');
    parked.push(...verdict.parked);
    const taken = new Set(verdict.parked.map(({ change }) => change));
    admitted = admitted.filter((change) => !taken.has(change));
  }
  // What is left moves no price: nobody need look.
  await serveChanges(tx, kind, admitted, tools.now());
  await removeRevived(tx, absent);
  return { admitted, parked };
}

interface View {
  readonly groups: readonly ProbeGroup[];
  readonly before: Facts;
  readonly probe: ProbeContext;
  readonly verdictContext: (after: Facts) => VerdictContext;
}

/** All that is known before anything is written. */
async function prepare(tx: Sql, changes: readonly IncomingChange[], tools: SettleTools): Promise<View> {
  const now = tools.now();
  const groups = await planProbes(tx, changes, tools);
  const before = await readGroups(tx, groups, tools.policy);
  const [links, movedBefore, catalogue] = [await readLinks(tx), await readMoved(tx, tools.settings.windowMs), await countCatalogue(tx)];
  const newcomers = await readNewcomers(tx);
  const isRules = changes[0]?.kind === 'price_rule';
  const lost = await readLost(tx, [...new Set(groups.flatMap(({ skus }) => skus))]);
  const covered = await readAllCovered(tx, changes);
  return {
    groups, before,
    probe: {
      now, lost: new Map(lost.map((price) => [lostKey(price), price])),
      edges: edgesOf(changes, now),
      changing: new Set(changes.flatMap(({ kind, key }) => (kind === 'price_rule' ? [key] : []))),
      isNew: (sku, listCode) => isRules && (newcomers.skus.has(sku) || (listCode !== null && newcomers.lists.has(listCode))),
    },
    verdictContext: (after) => ({
      links: linksWith(links, changes), baseListCode: tools.policy.baseListCode, movedBefore: new Set(movedBefore), radius: tools.settings.radiusOf(catalogue),
      itemsOf: (sku) => [...before, ...after].flatMap((facts) => facts.get(sku)?.listPrice ?? []),
      coveredBy: (change) => covered.get(JSON.stringify(targetsOf(change))) ?? [],
    }),
  };
}

/** When rates that change begin to hold, where that is still to come. */
const edgesOf = (changes: readonly IncomingChange[], now: Instant): readonly Instant[] =>
  changes.flatMap((change) => (change.kind === 'currency_rate' ? [change.before, change.after] : [])).flatMap((row) => (row !== null && instant(row.valid_from) > now ? [instant(row.valid_from)] : []));

async function readAllCovered(tx: Sql, changes: readonly IncomingChange[]): Promise<ReadonlyMap<string, readonly Sku[]>> {
  const targets = new Map(changes.filter((change) => namedSkus(change) === null).map((change) => [JSON.stringify(targetsOf(change)), targetsOf(change)]));
  const covered = new Map<string, readonly Sku[]>();
  for (const [key, of] of targets) covered.set(key, await readCovered(tx, of));
  return covered;
}

/** What later passes are held against: what moved, what has lost its price, and what has found it again. */
async function remember(tx: Sql, kind: RecordKind, { moves }: Judged, { moved }: Verdict, { settings }: SettleTools): Promise<void> {
  if (kind !== 'currency_rate') await rememberMoved(tx, moved, settings.windowMs);
  const priceOf = ({ sku, listCode, point, before }: (typeof moves)[number]): LostPrice => ({ sku, listCode, quantity: point.quantity, unitCode: point.unitCode, price: before });
  await rememberLost(tx, moves.filter(({ after }) => after === null).map(priceOf));
  await forgetLost(tx, moves.filter(({ after, wasLost }) => wasLost && after !== null).map(priceOf));
}

import { invalidInput } from '../../../domain/failure.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { AvailabilityCheck, CheckedLine, StockEvidence } from '../../../domain/inventory.ts';
import type { OwnedPort } from '../../../domain/ports.ts';
import { addDays, dayOf, instant, type CalendarDate } from '../../../domain/time.ts';
import type { Config } from '../../../platform/config.ts';
import type { Log } from '../../../platform/log.ts';
import type { RequestScope } from '../../frame/module.ts';
import type { HoldTools } from '../holds/placement.ts';
import { readHold } from '../holds/store-holds.ts';
import { checkQuestion } from '../promise/input-checks.ts';
import type { Supply } from '../promise/plan.ts';
import { channelPolicyOf } from '../promise/policy.ts';
import { oldestAsOf } from '../promise/position.ts';
import { toOwnUnits } from '../promise/units.ts';
import { readModelEvidence } from '../supply/freshness.ts';
import { readFeedState, readSupply, type FeedState } from '../supply/store-positions.ts';
import { answerLines } from './answer-lines.ts';
import { limitByNative, stockedSkus, withoutUnknown } from './figures.ts';
import { readLive, type LiveAnswer } from './live-read.ts';
import { readNativeAtp, tellNativeDifferences, type NativeAnswer } from './native-atp.ts';
import { writeThrough } from './write-through.ts';

export interface CheckTools extends HoldTools {
  readonly config: Pick<Config, 'REQUEST_DEADLINE_MS' | 'STALE_AFTER_MS'>;
  readonly stock: OwnedPort<'stock'> | null;
  readonly log: Log;
}

type Caller = Pick<RequestScope, 'signal' | 'traceparent'>;

/**
 * Asks the ERP for just what the basket's lines are stocked as, under the deadline, nets its figures with our ledger and
 * answers line by line. What the ERP said is also written to the read model. Silence is an outcome, not an error.
 * @throws Failure INVALID_INPUT naming the field.
 */
export async function checkAvailability(tools: CheckTools, check: AvailabilityCheck, caller?: Caller): Promise<readonly CheckedLine[]> {
  const { database, policy } = tools;
  const today = dayOf(instant(tools.clock.now()));
  checkQuestion(check, today, tools.config.REQUEST_DEADLINE_MS, policy.atp.horizonDays);
  channelPolicyOf(policy, check.channel);
  await requireOwnHold(tools, check);
  const skus = [...new Set(check.lines.map((line) => line.sku))];
  const [known, feeds] = await Promise.all([readSupply(database, skus, check.holdId), readFeedState(database)]);
  // Before anybody is asked: what cannot be understood is refused.
  toOwnUnits(check.lines, known.positions);
  const { live, native } = await askErp(tools, worthAsking(skus, known, feeds), { today, check, ...caller });
  await writeThrough(tools, live, (sku) => (known.positions.get(sku)?.locations ?? []).filter(({ asOf }) => asOf !== null).map(({ locationCode }) => locationCode));
  const supply = withoutUnknown(await readSupply(database, skus, check.holdId), live);
  const netted = native && limitByNative(supply, native, { today, on: check.requestedOn ?? today }, policy);
  if (netted) tellNativeDifferences(tools.stock!.source, netted.compared, netted.silent, tools.log);
  return answer(tools, check, { today, supply: netted?.supply ?? supply, live, native, feeds });
}

/** A hold that is not the caller's own would count as stock for somebody else. */
async function requireOwnHold({ database }: CheckTools, { holdId, owner }: AvailabilityCheck): Promise<void> {
  const hold = holdId === null ? null : await readHold(database, holdId);
  if (holdId !== null && (hold === null || hold.owner !== owner)) throw invalidInput(['holdId'], 'holdId names no hold of yours');
}

/** What may be had at all. Before the first pass of the item list a SKU we do not have may exist; afterwards it does not. */
function worthAsking(skus: readonly Sku[], { positions }: Supply, feeds: FeedState): readonly Sku[] {
  const wanted = skus.flatMap((sku): readonly Sku[] => {
    const position = positions.get(sku);
    if (!position?.item) return feeds.itemsKnown ? [] : [sku];
    return position.item.active && position.item.sellable ? stockedSkus(position) : [];
  });
  return [...new Set(wanted)];
}

interface Asking extends Partial<Caller> {
  readonly today: CalendarDate;
  readonly check: AvailabilityCheck;
}

async function askErp(tools: CheckTools, skus: readonly Sku[], { today, check: { deadlineMs }, ...caller }: Asking): Promise<{ live: ReadonlyMap<Sku, LiveAnswer>; native: ReadonlyMap<Sku, NativeAnswer> | null }> {
  const options = { stock: tools.stock, clock: tools.clock, deadlineMs, ...caller };
  const until = addDays(today, tools.policy.atp.horizonDays);
  const [live, native] = await Promise.all([readLive(skus, options), readNativeAtp(skus, { ...options, from: today, until })]);
  return { live, native };
}

interface Findings {
  readonly today: CalendarDate;
  readonly supply: Supply;
  readonly live: ReadonlyMap<Sku, LiveAnswer>;
  readonly native: ReadonlyMap<Sku, NativeAnswer> | null;
  readonly feeds: FeedState;
}

function answer(tools: CheckTools, check: AvailabilityCheck, findings: Findings): readonly CheckedLine[] {
  const { supply, live, today } = findings;
  const stockedAs = (sku: Sku): readonly Sku[] => {
    const position = supply.positions.get(sku);
    return position ? stockedSkus(position) : [sku];
  };
  return answerLines({
    check, today, supply,
    demand: toOwnUnits(check.lines, supply.positions),
    isSilent: (sku) => stockedAs(sku).some((stocked) => live.get(stocked)?.kind === 'SILENT'),
    isKnown: (sku) => stockedAs(sku).every((stocked) => (supply.positions.get(stocked)?.locations ?? []).some((location) => location.asOf !== null)),
    evidenceOf: (sku) => evidenceOf(tools, stockedAs(sku), findings),
  }, tools.policy);
}

/** What an answer rests on: the ERP's word now, where it gave it of everything the line is stocked as. */
function evidenceOf({ clock, config, stock }: CheckTools, skus: readonly Sku[], { supply, live, native, feeds }: Findings): StockEvidence {
  const source = stock?.source ?? 'none';
  const locations = skus.flatMap((sku) => supply.positions.get(sku)?.locations ?? []);
  const answers = skus.map((sku) => live.get(sku));
  const stored = readModelEvidence(locations, feeds, source, clock.now(), config.STALE_AFTER_MS);
  if (answers.some((answer) => answer?.kind === 'SILENT')) return { ...stored, freshness: 'STALE' };
  if (answers.some((answer) => answer?.kind === 'UNKNOWN')) return { asOf: instant(clock.now()), source, freshness: 'LIVE' };
  const figures = answers.filter((answer) => answer?.kind === 'FIGURES');
  if (figures.length < skus.length) return stored;
  const heard = native && skus.every((sku) => native.get(sku)?.kind === 'SERIES');
  // A SKU stocked nowhere has no row to tell the time: then the moment of asking does.
  const asOf = oldestAsOf(locations) ?? figures[0]?.askedAt ?? null;
  return { asOf, source, freshness: 'LIVE', ...(native && { nativeAtp: heard ? 'USED' : 'SILENT' }) };
}

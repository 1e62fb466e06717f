import { add, ZERO, type Decimal } from '../../../domain/decimal.ts';
import { invalidInput } from '../../../domain/failure.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { AvailabilityCheck, CheckedLine, StockEvidence, StockLevel } from '../../../domain/inventory.ts';
import type { OwnedPort } from '../../../domain/ports.ts';
import { dayOf, instant, type CalendarDate, type Instant } from '../../../domain/time.ts';
import type { Config } from '../../../platform/config.ts';
import type { Log } from '../../../platform/log.ts';
import { judgeLine, judgeSilence, type Judgement, type Question } from '../promise/outcomes.ts';
import { applyStockPage } from '../feeds.ts';
import { readModelEvidence } from '../supply/freshness.ts';
import { rejectionOf, type HoldTools } from '../holds/placement.ts';
import { checkFractions, checkQuestion } from '../promise/input-checks.ts';
import { completeLevels, readLive, type LiveAnswer } from './live-read.ts';
import { isForSale, oldestAsOf, type StockPosition } from '../promise/position.ts';
import { channelPolicyOf } from '../promise/policy.ts';
import type { RequestScope } from '../../frame/module.ts';
import { readHold } from '../holds/store-holds.ts';
import { recordRejections } from '../../../platform/feed.ts';
import { readFeedState, readPositions, type FeedState } from '../supply/store-positions.ts';
import { SCHEMA } from '../schema.sql.ts';

export interface CheckTools extends HoldTools {
  readonly config: Pick<Config, 'REQUEST_DEADLINE_MS' | 'STALE_AFTER_MS'>;
  readonly stock: OwnedPort<'stock'> | null;
  readonly log: Log;
}

/**
 * Asks the ERP for the basket's SKUs under the deadline, nets its figures with our ledger and answers line by line.
 * What the ERP said is also written to the read model. Silence is an outcome, not an error.
 * @throws Failure INVALID_INPUT naming the field.
 */
export async function checkAvailability(tools: CheckTools, check: AvailabilityCheck, caller?: Pick<RequestScope, 'signal' | 'traceparent'>): Promise<readonly CheckedLine[]> {
  const today = dayOf(instant(tools.clock.now()));
  checkQuestion(check, today, tools.config.REQUEST_DEADLINE_MS, tools.policy.atp.horizonDays);
  await requireHold(tools, check.holdId);
  const skus = [...new Set(check.lines.map((line) => line.sku))];
  const [known, feeds] = await Promise.all([readPositions(tools.database, skus, check.holdId), readFeedState(tools.database)]);
  checkFractions(check.lines, known);
  // Before the first pass of the item list a SKU we do not have may exist; afterwards it does not.
  const worthAsking = known.filter((position) => isForSale(position.item) || (position.item === null && !feeds.itemsKnown));
  const live = await readLive(worthAsking.map((position) => position.sku), { ...tools, deadlineMs: check.deadlineMs, ...caller });
  await writeThrough(tools, known, live);
  const positions = await readPositions(tools.database, skus, check.holdId);
  const bySku = new Map(positions.map((position) => [position.sku, position]));
  return answerLines(tools, check, { today, bySku, live, feeds });
}

async function requireHold({ database }: CheckTools, holdId: string | null): Promise<void> {
  if (holdId !== null && (await readHold(database, holdId)) === null) throw invalidInput(['holdId'], 'holdId names no hold');
}

/** Live figures go where the feed's go, by the same rules: an older one changes nothing, what cannot be placed is parked. */
async function writeThrough({ database, clock, log }: CheckTools, known: readonly StockPosition[], live: ReadonlyMap<Sku, LiveAnswer>): Promise<void> {
  const levels = known.flatMap((position): readonly StockLevel[] => {
    const answer = live.get(position.sku);
    if (answer?.kind !== 'FIGURES') return [];
    const stored = position.locations.filter((location) => location.asOf !== null).map((location) => location.locationCode);
    return completeLevels(position.sku, answer.levels, stored, answer.askedAt);
  });
  if (levels.length === 0) return;
  const { rejected } = await database.transaction(async (tx) => {
    const applied = await applyStockPage(tx, levels, instant(clock.now()));
    if (applied.rejected.length > 0) await recordRejections(tx, SCHEMA, 'stock', applied.rejected);
    return applied;
  });
  if (rejected.length > 0) log.warn({ rejected }, 'live stock figures could not be placed');
}

interface Findings {
  readonly today: CalendarDate;
  readonly bySku: ReadonlyMap<Sku, StockPosition>;
  readonly live: ReadonlyMap<Sku, LiveAnswer>;
  readonly feeds: FeedState;
}

function answerLines(tools: CheckTools, check: AvailabilityCheck, findings: Findings): readonly CheckedLine[] {
  const taken = new Map<Sku, Decimal>();
  return check.lines.map(({ sku, quantity }) => {
    const question = { requested: quantity, taken: taken.get(sku) ?? ZERO, on: check.requestedOn ?? findings.today, today: findings.today };
    const { outcome, takes, evidence } = answerLine(tools, check, findings, sku, question);
    taken.set(sku, add(question.taken, takes));
    return { sku, requested: quantity, outcome, evidence };
  });
}

function answerLine(tools: CheckTools, { channel }: AvailabilityCheck, { bySku, live, feeds }: Findings, sku: Sku, question: Question): Judgement & { evidence: StockEvidence } {
  const { policy, clock, config, stock } = tools;
  const position = bySku.get(sku)!;
  const answer = live.get(sku);
  const source = stock?.source ?? 'none';
  const stored = readModelEvidence(position.locations, feeds, source, clock.now(), config.STALE_AFTER_MS);
  if (answer?.kind === 'SILENT') {
    return { ...judgeSilence(position, question, channelPolicyOf(policy, channel).whenSilent, policy), evidence: { ...stored, freshness: 'STALE' } };
  }
  if (answer?.kind === 'UNKNOWN') return { ...rejected('UNKNOWN_SKU'), evidence: { asOf: instant(clock.now()), source, freshness: 'LIVE' } };
  if (!isForSale(position.item)) return { ...rejected(rejectionOf(position)), evidence: stored };
  return { ...judgeLine(position, question, policy), evidence: { asOf: liveAsOf(position, answer), source, freshness: 'LIVE' } };
}

const rejected = (reason: ReturnType<typeof rejectionOf>): Judgement => ({ outcome: { kind: 'REJECTED', reason, earliest: null, alternatives: [] }, takes: ZERO });

/** A SKU stocked nowhere has no row to tell the time: then the moment of asking does. */
const liveAsOf = (position: StockPosition, answer: LiveAnswer | undefined): Instant | null =>
  oldestAsOf(position.locations) ?? (answer?.kind === 'FIGURES' ? answer.askedAt : null);

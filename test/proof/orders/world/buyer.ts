import { decimal } from '../../../../domain/decimal.ts';
import { asFailure } from '../../../../domain/failure.ts';
import { SCOPES, type Principal } from '../../../../domain/principal.ts';
import type { RequestScope } from '../../../../subgraphs/frame/module.ts';
import type { PlaceOrderOutcome } from '../../../../subgraphs/orders/placing/place-order.ts';
import type { PlacementText } from '../../../../subgraphs/orders/placing/validation.ts';
import type { Journal } from '../../world/journal.ts';
import type { Network } from '../../world/network.ts';
import type { Random } from '../../world/random.ts';
import { isUnknown } from '../../world/retry.ts';
import { basketOf } from '../../world/shopper.ts';
import { Violation } from '../../world/violation.ts';
import type { Fleet } from './fleet.ts';
import type { OrderJournal } from './order-journal.ts';
import type { OrdersProcess } from './process.ts';

export interface BuyerOptions {
  readonly name: string;
  readonly random: Random;
  readonly fleet: Fleet;
  readonly network: Network;
  readonly journal: Journal;
  readonly orders: OrderJournal;
  readonly assortment: readonly string[];
  readonly channel: string | null;
  /** Of the channel's own; others may send the same. */
  readonly externalIds: readonly string[];
  readonly rush: boolean;
}

const OWN_HOLD_SECONDS = 10;
const PAUSES_MS = [0, 0, 300, 9_990, 10_000, 12_000];
const ANSWER_WITHIN_MS = 12_000;
/** So often is asked again when nothing certain was heard. */
const TIMES = 8;

/** Holds or does not, orders, clicks twice, sends the same order under two keys, asks again long after. */
export async function buy(options: BuyerOptions): Promise<void> {
  const { random, network, name } = options;
  await network.pause(random.int(0, options.rush ? 50 : 5_000));
  for (let visit = 1; visit <= random.int(1, 2); visit += 1) {
    const placement = await prepare(options, `${name}-${visit}`);
    const outcomes = await Promise.all(keysOf(options, placement).map((key) => order(options, { ...placement, idempotencyKey: key })));
    await network.pause(random.pick([0, 1_000, 30_000]));
    if (outcomes[0]?.order) await insist(options, placement);
  }
}

async function prepare(options: BuyerOptions, key: string): Promise<PlacementText> {
  const { random, network, name, externalIds } = options;
  const lines = basketOf(options).map(({ sku, quantity }) => ({ sku, quantity }));
  const holdId = random.chance(0.4) ? await holdFirst(options, key, lines) : null;
  if (holdId !== null) await network.pause(random.pick(PAUSES_MS));
  return {
    idempotencyKey: key, lines, holdId, contact: { email: `${name}@example.com` },
    externalOrderId: random.chance(0.4) ? random.pick(externalIds) : null,
  };
}

/** Twice under one key, or once each under two, or just once. */
function keysOf({ random }: BuyerOptions, { idempotencyKey, externalOrderId }: PlacementText): readonly string[] {
  if (externalOrderId && random.chance(0.5)) return [idempotencyKey, `${idempotencyKey}-other`];
  return random.chance(0.4) ? [idempotencyKey, idempotencyKey] : [idempotencyKey];
}

async function holdFirst({ fleet, name, channel, random }: BuyerOptions, key: string, lines: PlacementText['lines']): Promise<string | null> {
  const wanted = lines.map(({ sku, quantity }) => ({ sku, quantity: random.chance(0.8) ? quantity : decimal('1') }));
  const request = { idempotencyKey: `own-${key}`, owner: name, lines: wanted, channel, requestedOn: null, ttlSeconds: OWN_HOLD_SECONDS, replacesHoldId: null };
  const outcome = await fleet.ask(({ inventory }) => inventory.book.placeHold(request)).catch(forgive);
  return outcome?.kind === 'HELD' ? outcome.hold.id : null;
}

/** The same again, long after, and another order under the same key. */
async function insist(options: BuyerOptions, placement: PlacementText): Promise<void> {
  const { random } = options;
  if (random.chance(0.5)) await order(options, placement);
  if (random.chance(0.7)) return;
  const other = { ...placement, note: 'another order' };
  const outcome = await order(options, other);
  if (outcome?.order) throw new Violation('another payload under the same key is refused', `${placement.idempotencyKey} got ${outcome.order.number}`);
  if (outcome && outcome.userErrors[0]?.code !== 'CONFLICT') throw new Violation('another payload under the same key is refused', `${placement.idempotencyKey}: ${outcome.userErrors[0]?.code}`);
}

/** Asks until something certain is heard. Null: never. @throws Violation, and bugs */
export async function order(options: Pick<BuyerOptions, 'name' | 'channel' | 'fleet' | 'network' | 'journal' | 'orders'>, placement: PlacementText): Promise<PlaceOrderOutcome | null> {
  const { fleet, network, journal, orders, name, channel } = options;
  for (let attempt = 1; attempt <= TIMES; attempt += 1) {
    const outcome = await fleet.ask((process) => process.placeOrder(placement, scopeOf(options, process))).catch(forgive);
    if (outcome?.order) {
      orders.acknowledge(name, channel, placement, outcome);
      journal.count('acknowledged', `${outcome.order.number} for ${placement.idempotencyKey}`);
      return outcome;
    }
    const [error] = outcome?.userErrors ?? [];
    if (error && !SILENT.includes(error.code)) {
      if (error.code === 'HOLD_EXPIRED') orders.takenBack(name, placement.idempotencyKey);
      journal.count(error.code.toLowerCase(), `${placement.idempotencyKey}: ${error.message}`);
      return outcome;
    }
    await network.pause(200 * attempt);
  }
  journal.count('given up', placement.idempotencyKey);
  return null;
}

/** Nothing certain was said: the same request is to be repeated. */
const SILENT: readonly string[] = ['UPSTREAM', 'UNVERIFIED'];

function scopeOf({ name, channel }: Pick<BuyerOptions, 'name' | 'channel'>, { clock }: OrdersProcess): RequestScope {
  const principal: Principal = { subject: name, kind: 'SERVICE', scopes: SCOPES, channel: null, customerNumber: null, companyNumber: null };
  return {
    principal, shopping: { channel, locale: null, currencyCode: 'EUR', companyLocation: null }, signal: new AbortController().signal,
    deadlineAtMs: clock.now() + ANSWER_WITHIN_MS, traceparent: null,
  };
}

/** What leaves the asker in the dark, and an own hold that has ended. */
function forgive(error: unknown): null {
  if (isUnknown(error) || isUnknown((error as Error).cause) || asFailure(error).code === 'CONFLICT') return null;
  throw error;
}

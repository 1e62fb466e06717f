import { decimal } from '../../../domain/decimal.ts';
import { asFailure } from '../../../domain/failure.ts';
import type { BasketLine, Hold, HoldOutcome } from '../../../domain/inventory.ts';
import type { CalendarDate } from '../../../domain/time.ts';
import { addUp, type Kits } from './kits.ts';
import { Violation } from './violation.ts';
import type { InventoryNode } from './inventory-node.ts';
import type { Journal } from './journal.ts';
import type { Network } from './network.ts';
import type { OrderDesk } from './order-desk.ts';
import type { Random } from './random.ts';
import { isUnknown, untilKnown } from './retry.ts';

export interface ShopperOptions {
  readonly name: string;
  readonly random: Random;
  readonly nodes: readonly InventoryNode[];
  readonly network: Network;
  readonly desk: OrderDesk;
  readonly journal: Journal;
  /** SKUs, kits among them. */
  readonly assortment: readonly string[];
  readonly kits: Kits;
  readonly channel: string | null;
  /** May be asked for; empty: now. */
  readonly days: readonly CalendarDate[];
  /** Everybody comes at once. */
  readonly rush: boolean;
}

const TTL_SECONDS = 10;
/** Around the life of a hold: well before, just before, at, just after its end. */
const PAUSES_MS = [0, 0, 0, 50, 4_000, 9_900, 9_990, 10_000, 10_001, 10_050];

/** Comes, holds, changes its mind, waits too long, orders: any of it through any process, repeated when no answer came. */
export async function shop(options: ShopperOptions): Promise<void> {
  const { random, network, name } = options;
  await network.pause(random.int(0, options.rush ? 20 : 3_000));
  const visits = random.int(1, 2);
  for (let visit = 1; visit <= visits; visit += 1) {
    const hold = await place(options, `${name}-${visit}`, null);
    if (hold) await decide(options, `${name}-${visit}`, hold);
  }
}

export const basketOf = ({ random, assortment }: Pick<ShopperOptions, 'random' | 'assortment'>): readonly BasketLine[] =>
  random.shuffled(assortment).slice(0, random.int(1, Math.min(3, assortment.length))).map((sku) => ({ sku, quantity: decimal(random.int(1, 3)) }));

async function place(options: ShopperOptions, key: string, replaces: Hold | null): Promise<Hold | null> {
  const { random, nodes, network, journal, name, channel, days } = options;
  const lines = basketOf(options);
  const allowPartial = random.chance(0.2);
  const requestedOn = days.length > 0 && random.chance(0.7) ? random.pick(days) : null;
  const ask = (): Promise<HoldOutcome> => untilKnown(network, () =>
    random.pick(nodes).book.placeHold({
      idempotencyKey: key, owner: name, lines, channel, requestedOn, ttlSeconds: TTL_SECONDS, replacesHoldId: replaces?.id ?? null, ...(allowPartial && { allowPartial }),
    }),
  );
  // A double click: the same key at once, perhaps through different processes.
  const [outcome, ...others] = await Promise.all(random.chance(0.15) ? [ask(), ask()] : [ask()]);
  for (const other of others) requireSame(outcome!, other, key);
  journal.count(outcome!.kind === 'HELD' ? (replaces ? 'replaced' : 'held') : 'short', key);
  if (outcome!.kind === 'SHORT') return replaces;
  if (requestedOn) journal.count('held for a day', key);
  checkHolds(outcome!.hold, options.kits);
  return outcome!.hold;
}

function requireSame(one: HoldOutcome, other: HoldOutcome, key: string): void {
  const idOf = (outcome: HoldOutcome): string => (outcome.kind === 'HELD' ? outcome.hold.id : 'none');
  if (idOf(one) !== idOf(other)) throw new Violation('the same key gets the same answer', `${key}: ${idOf(one)} and ${idOf(other)}`);
}

/** What is held is what the basket says, kits taken apart and added up. */
function checkHolds({ id, basket, lines }: Hold, kits: Kits): void {
  const promised = addUp(basket.map(({ sku, held }) => ({ sku, quantity: held })), kits);
  const held = addUp(lines, new Map());
  for (const sku of new Set([...promised.keys(), ...held.keys()])) {
    if (promised.get(sku) !== held.get(sku)) throw new Violation('a hold holds what it promises', `${id}: ${held.get(sku) ?? 0} ${sku} for ${promised.get(sku) ?? 0}`);
  }
}

async function decide(options: ShopperOptions, key: string, first: Hold): Promise<void> {
  const { random, network } = options;
  let hold = first;
  if (random.chance(0.3)) hold = (await tolerant(() => place(options, `${key}-again`, first))) ?? first;
  if (random.chance(0.25)) await tolerant(() => extend(options, hold));
  await network.pause(random.pick(PAUSES_MS));
  if (random.chance(0.15)) return;
  // Perhaps in place of a hold that has just run out.
  if (random.chance(0.2)) hold = (await tolerant(() => place(options, `${key}-late`, hold))) ?? hold;
  if (random.chance(0.2)) return release(options, hold);
  await order(options, `${key}-order`, hold);
  if (random.chance(0.1)) await release(options, hold);
}

async function extend({ random, nodes, network, journal, name }: ShopperOptions, hold: Hold): Promise<void> {
  await network.pause(random.pick(PAUSES_MS));
  const extended = await random.pick(nodes).book.extendHold({ holdId: hold.id, owner: name, ttlSeconds: TTL_SECONDS });
  if (extended) journal.count('extended', hold.id);
}

async function release({ random, nodes, network, journal, name }: ShopperOptions, hold: Hold): Promise<void> {
  const once = (): Promise<unknown> => untilKnown(network, () => random.pick(nodes).book.releaseHold({ holdId: hold.id, owner: name }));
  await Promise.all(random.chance(0.4) ? [once(), once()] : [once()]);
  journal.count('released', hold.id);
}

/** Confirms the hold for an order, sometimes two at once; acknowledged is what came back. */
async function order({ random, nodes, network, desk, journal, name }: ShopperOptions, reference: string, hold: Hold): Promise<void> {
  const commit = async (): Promise<Hold | null> => untilKnown(network, () => random.pick(nodes).book.commitHold({ holdId: hold.id, owner: name, orderReference: reference }));
  const [committed] = await Promise.all(random.chance(0.2) ? [commit(), commit()] : [commit()]);
  if (!committed) return journal.count('too late', reference);
  journal.committed.set(reference, hold.id);
  journal.count('committed', reference);
  desk.accept(reference, committed);
}

/** A refusal that is an answer: the hold has ended, or belongs to an order. */
async function tolerant<T>(call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (isUnknown(error) || asFailure(error).code === 'CONFLICT') return null;
    throw error;
  }
}

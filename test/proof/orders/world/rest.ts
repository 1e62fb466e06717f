import { Violation } from '../../world/violation.ts';
import { checkQuiescence } from '../../world/quiescence.ts';
import type { StockLevel } from '../../../../domain/inventory.ts';
import { readOrderBooks, type BookedOrder, type OrderBooks } from './books.ts';
import { order } from './buyer.ts';
import { resolve } from './operator.ts';
import type { OrdersWorld } from './world.ts';

/** Longer than the ERP may keep a create to itself, than any job is taken for, and than any retry waits. */
const STEP_MS = 60_000;
const STEPS = 6 * 60;

/** Lets everything come to its end, with nobody to disturb it, and checks what must hold then. @throws Violation */
export async function checkRest(world: OrdersWorld, longAgo: readonly StockLevel[]): Promise<void> {
  await settle(world);
  await resolve(world);
  await settle(world);
  const books = await readOrderBooks(world.fleet.alive()[0]!.database);
  for (const booked of books.orders) checkEnd(booked, books, world);
  if (world.plan.isFaultless) checkNothingLeftHeld(books);
  await replay(world);
  await world.network.pause(world.plan.holdTtlSeconds * 1_000);
  const { plan, network, erp, skus, seed, fleet } = world;
  await checkQuiescence({ plan, network, erp, skus, seed, nodes: fleet.alive().map(({ inventory }) => inventory), desk: { accept: () => undefined, idle: async () => undefined } }, longAgo);
}

/** Until no order is on its way: feeds tell what they have, jobs come in their time, sweeps find what was lost. */
async function settle({ network, fleet }: OrdersWorld): Promise<void> {
  for (let step = 0; step < STEPS; step += 1) {
    await network.pause(STEP_MS);
    const [process] = fleet.alive();
    if (!process) continue;
    const { orders } = await readOrderBooks(process.database);
    const [queue] = await process.database.query<{ jobs: number }>('select count(*)::int as jobs from sim.job');
    if (queue!.jobs > 0 || orders.some(({ submission }) => submission === 'PENDING')) continue;
    await process.followErp('FULL');
    return;
  }
  throw new Violation('everything comes to an end', `orders are still on their way after ${STEPS} minutes of peace`);
}

function checkEnd(booked: BookedOrder, { holds }: OrderBooks, { desk, journal }: OrdersWorld): void {
  const { number, submission, compensated, state, erpId } = booked;
  const documents = desk.made().get(number) ?? [];
  const committed = holds.filter(({ reference, state: held }) => reference === number && held === 'COMMITTED');
  if (compensated || submission === 'CANCELLED') {
    if (documents.length > 0) throw new Violation('an order taken back leaves no ERP document', `${number} has ${documents[0]!.id}`);
    if (committed.length > 0) throw new Violation('an order taken back leaves no hold', `${number} still has ${committed[0]!.id}`);
    if (!compensated && !journal.cancelling.has(number)) throw new Violation('nobody cancels by himself', number);
    return;
  }
  if (submission !== 'DONE') throw new Violation('everything comes to an end', `${number} ends as ${submission}, ${state}`);
  if (documents.length !== 1) throw new Violation('exactly one ERP document each', `${number} has ${documents.length}`);
  if (documents[0]!.state !== 'CONFIRMED') throw new Violation('what is done is confirmed', `${number}: ${documents[0]!.id} is ${documents[0]!.state}`);
  if (erpId !== documents[0]!.id && !desk.isCopy(erpId)) throw new Violation('an order knows its document', `${number} has ${documents[0]!.id} and names ${erpId}`);
  if (committed.length !== (booked.holdId === null ? 0 : 1)) throw new Violation('an order has one hold', `${number} has ${committed.map(({ id }) => id).join(', ') || 'none'}`);
}

/** Where nothing was lost, what did not become an order gives back what it held at once, not when its time is over. */
function checkNothingLeftHeld({ holds }: OrderBooks): void {
  const left = holds.find(({ key, state }) => key.startsWith('order:') && state === 'HELD');
  if (left) throw new Violation('a refused order leaves no hold', `${left.id} of ${left.key}`);
}

/** Each order once more: by its shopper, under its key, and as jobs of any attempt. */
async function replay({ fleet, network, journal, orders }: OrdersWorld): Promise<void> {
  for (const { owner, channel, placement, isCertain, id } of orders.acknowledged.values()) {
    if (isCertain) await order({ name: owner, channel, fleet, network, journal, orders }, placement);
    for (const attempt of [0, 1]) await fleet.ask(async ({ submit }) => submit({ orderId: id, attempt }));
  }
}

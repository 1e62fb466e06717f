import { asFailure } from '../../../../domain/failure.ts';
import { Refusal } from '../../../../subgraphs/orders/placing/refusal.ts';
import { readOrder } from '../../../../subgraphs/orders/reading/store-reads.ts';
import { cancelOrderWithRelease } from '../../../../subgraphs/orders/resolution/cancel-order.ts';
import { retryOrder } from '../../../../subgraphs/orders/resolution/retry-order.ts';
import { isUnknown } from '../../world/retry.ts';
import { readOrderBooks, type BookedOrder } from './books.ts';
import { untilDead, type OrdersProcess } from './process.ts';
import type { OrdersWorld } from './world.ts';

/** Longer than a create may be under way. */
const PATIENCE_MS = 200_000;
const TIMES = 4;

/** Somebody looks at one order that is not in the ERP yet, and has it tried again or cancels it. */
export async function meddle(world: OrdersWorld, random: OrdersWorld['random']): Promise<void> {
  const [process] = world.fleet.alive();
  if (!process) return;
  const books = await untilDead(process, ({ database }) => readOrderBooks(database));
  if (!books) return;
  const { orders } = books;
  const open = orders.filter(({ submission }) => submission === 'ATTENTION' || (submission === 'PENDING' && random.chance(0.2)));
  if (open.length > 0) await act(world, random.pick(open), random.chance(0.3));
}

/** Nobody leaves before every refused order is tried again or cancelled: the ERP has thought better of it by then. */
export async function resolve(world: OrdersWorld): Promise<void> {
  for (let time = 0; time < TIMES; time += 1) {
    const { orders } = await readOrderBooks(world.fleet.alive()[0]!.database);
    const left = orders.filter(({ submission }) => submission === 'ATTENTION');
    if (left.length === 0) return;
    for (const booked of left) await act(world, booked, time === 0 && world.random.chance(0.3));
    await world.network.pause(PATIENCE_MS);
  }
}

async function act({ fleet, journal, network }: OrdersWorld, { id, number }: BookedOrder, cancels: boolean): Promise<void> {
  if (cancels) journal.cancelling.add(number);
  const request = { actor: 'operator', idempotencyKey: `${number}-${network.now()}`, reason: 'looked at' };
  const work = async ({ tools, database, clock }: OrdersProcess): Promise<void> => {
    const found = (await readOrder(database, id))!;
    if (!cancels) return retryOrder(tools, found, request);
    return cancelOrderWithRelease(tools, found, { ...request, alsoInErp: false, deadlineAtMs: clock.now() + 10_000, signal: tools.signal });
  };
  await fleet.ask(work).then(() => journal.count(cancels ? 'cancelled by hand' : 'retried by hand', number), forgive);
}

/** Too late, or nobody answered: it is tried another time. */
function forgive(error: unknown): void {
  if (error instanceof Refusal || isUnknown(error) || asFailure(error).retryable) return;
  throw error;
}

import pg from 'pg';
import { instant } from '../../../../domain/time.ts';
import { recordErpOrders } from '../../../../subgraphs/orders/following/store-erp-orders.ts';
import { meddle } from './operator.ts';
import { untilDead, type OrdersProcess } from './process.ts';
import type { OrdersWorld } from './world.ts';

/** Beyond the first seconds little happens: the ERP is away, or slow. */
const BUSY_MS = 20_000;
const SLOWER = 15;

/** What goes on beside the shoppers: feeds of both subgraphs, expiry, goods that move, messages that come late and twice, and death. */
export function startBackground(world: OrdersWorld): { stop(): Promise<void> } {
  const { network, fleet, erp, desk, scheduler } = world;
  const random = world.random.fork();
  const beganAtMs = network.now();
  let over = false;
  const repeat = async (work: () => Promise<void>, minMs: number, maxMs: number): Promise<void> => {
    while (!over) {
      const isBusy = network.now() - beganAtMs < BUSY_MS;
      await network.pause(random.int(minMs, maxMs) * (isBusy ? 1 : SLOWER));
      if (!over) await work().catch(forgiveSilence);
    }
  };
  const somewhere = (work: (process: OrdersProcess) => Promise<unknown>): (() => Promise<void>) => async () => {
    const alive = fleet.alive();
    if (alive.length > 0) await untilDead(random.pick(alive), work);
  };
  const running = [
    repeat(somewhere(({ inventory }) => inventory.feed('stock', random.chance(0.15) ? 'FULL' : 'DUE')), 2_000, 12_000),
    repeat(somewhere(({ inventory }) => inventory.feed('receipts', 'DUE')), 8_000, 30_000),
    repeat(somewhere(({ inventory }) => inventory.expire()), 2_000, 12_000),
    repeat(somewhere((process) => process.followErp(random.chance(0.2) ? 'FULL' : 'DUE')), 1_000, 8_000),
    repeat(() => tellLate(world, random), 1_000, 10_000),
    repeat(async () => void erp.ship(), 1_000, 9_000),
    repeat(async () => void erp.receive(), 1_000, 15_000),
    repeat(async () => void desk.meddle(), 500, 6_000),
    repeat(() => meddle(world, random), 2_000, 12_000),
    repeat(async () => world.kill(), 500, 8_000),
  ];
  scheduler.note(() => 'the world wakes up');
  return {
    stop: async () => {
      over = true;
      await Promise.all(running);
    },
  };
}

/** What the ERP said of its documents some time ago, in any order, some of it twice. */
async function tellLate({ desk, fleet, network, scheduler }: OrdersWorld, random: OrdersWorld['random']): Promise<void> {
  const told = random.shuffled(desk.changed(null));
  if (told.length === 0 || fleet.alive().length === 0) return;
  await network.pause(random.int(0, 20_000));
  const [process] = random.shuffled(fleet.alive());
  if (!process) return;
  scheduler.note(() => 'late documents are told');
  const tell = (): Promise<unknown> => untilDead(process, ({ database, clock }) => database.transaction((tx) => recordErpOrders(tx, told, { source: 'erp', at: instant(clock.now()) })));
  await Promise.all(random.chance(0.3) ? [tell(), tell()] : [tell()]);
}

/** Feeds and timers run again after whatever failed; but what PostgreSQL refuses is a fault of ours. */
function forgiveSilence(error: unknown): void {
  if (error instanceof pg.DatabaseError) throw error;
}

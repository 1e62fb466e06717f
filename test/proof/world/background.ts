import type { PassKind } from '../../../platform/feed.ts';
import pg from 'pg';
import { instant } from '../../../domain/time.ts';
import { applyStock } from '../../../subgraphs/inventory/supply/store-stock.ts';
import { basketOf } from './shopper.ts';
import type { World } from './world.ts';

/** What goes on beside the shoppers for as long as they shop: feeds, upkeep, the expiry timer, live checks, goods that move. */
export function startBackground(world: World): { stop(): Promise<void> } {
  let over = false;
  const random = world.random.fork();
  const repeat = async (work: () => Promise<void>, minMs: number, maxMs: number): Promise<void> => {
    while (!over) {
      await world.network.pause(random.int(minMs, maxMs));
      if (!over) await work().catch(forgiveSilence);
    }
  };
  const node = () => random.pick(world.nodes);
  const kind = (): PassKind => (random.chance(0.15) ? 'FULL' : 'DUE');
  const running = [
    repeat(() => node().feed('stock', kind()), 1_000, 9_000),
    repeat(() => node().feed('receipts', kind()), 5_000, 20_000),
    repeat(() => node().upkeep(), 2_000, 12_000),
    repeat(() => node().expire(), 1_000, 10_000),
    repeat(() => askLive(world, random), 2_000, 15_000),
    repeat(() => deliverLate(world, random), 0, 6_000),
    repeat(async () => void world.erp.ship(), 1_000, 6_000),
    repeat(async () => void world.erp.receive(), 500, 12_000),
  ];
  return {
    stop: async () => {
      over = true;
      await Promise.all(running);
    },
  };
}

async function askLive({ nodes, plan, network }: World, random: World['random']): Promise<void> {
  const lines = basketOf({ random, assortment: [...plan.skus, ...plan.facts.kits.keys()] });
  const { book } = random.pick(nodes);
  await network.pause(0);
  await book.checkAvailability({ lines, channel: null, requestedOn: null, holdId: null, deadlineMs: 5_000 });
}

/** A message that was long on its way, or comes a second time: what the ERP said seconds ago, applied now. */
async function deliverLate({ nodes, erp, network, scheduler }: World, random: World['random']): Promise<void> {
  const { clock, database } = random.pick(nodes);
  const levels = erp.levels(null, instant(clock.now()));
  await network.pause(random.int(1_000, 8_000));
  scheduler.note(() => 'a late message is applied');
  await database.transaction((tx) => applyStock(tx, levels, instant(clock.now())));
}

/** Feeds and timers run again after whatever failed; but what PostgreSQL refuses, a deadlock above all, is a fault of ours. */
function forgiveSilence(error: unknown): void {
  if (error instanceof pg.DatabaseError) throw error;
}

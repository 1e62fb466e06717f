import { instant } from '../../../domain/time.ts';
import { runWorld, type SeedReport } from '../simulation/seed.ts';
import type { Sessions } from '../world/sessions.ts';
import { shareOut } from '../world/shares.ts';
import { startBackground } from './world/background.ts';
import { buy } from './world/buyer.ts';
import { checkRest } from './world/rest.ts';
import { createOrdersWorld, type OrdersWorld } from './world/world.ts';

/** Runs the world of one seed to its end. */
export function runOrdersSeed(seed: number, sessions: Sessions, wantsTrace: boolean): Promise<SeedReport> {
  const world = createOrdersWorld(seed, sessions);
  return runWorld(world, () => live(world), wantsTrace);
}

async function live(world: OrdersWorld): Promise<void> {
  const { plan, random, seed, network, journal, orders, fleet } = world;
  const { inventory } = fleet.alive()[0]!;
  for (const feed of ['items', 'locations', 'stock', 'receipts']) await inventory.feed(feed, 'FULL');
  const longAgo = world.erp.levels(null, instant(inventory.clock.now()));
  await shareOut({ plan, nodes: [inventory] });
  world.calm = false;
  const background = startBackground(world);
  const [assortment, externalIds] = [[...plan.skus, ...plan.facts.kits.keys()], [`X${seed}-1`, `X${seed}-2`]];
  await Promise.all(Array.from({ length: plan.shoppers }, (_, index) =>
    buy({ name: `buyer${index + 1}-${seed}`, random: random.fork(), fleet, network, journal, orders, assortment, externalIds, channel: plan.channels[index] ?? null, rush: plan.rush })));
  // The ERP may be away, or keep a create to itself, for long after.
  await network.pause(plan.erp.outage ? plan.erp.outage.untilMs : random.pick([0, 30_000, 300_000]));
  world.calm = true;
  await background.stop();
  await checkRest(world, longAgo);
  await fleet.close();
}

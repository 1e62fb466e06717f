import { instant } from '../../../domain/time.ts';
import { startBackground } from '../world/background.ts';
import { checkQuiescence } from '../world/quiescence.ts';
import type { Sessions } from '../world/sessions.ts';
import { shareOut } from '../world/shares.ts';
import { shop } from '../world/shopper.ts';
import { Violation } from '../world/violation.ts';
import { createWorld, type World } from '../world/world.ts';

export interface SeedReport {
  readonly seed: number;
  readonly steps: number;
  readonly counts: Readonly<Record<string, number>>;
  /** Null: every rule held after every step. */
  readonly violation: { readonly rule: string; readonly message: string } | null;
  readonly trace: readonly string[];
}

/** Runs the world of one seed to its end. */
export async function runSeed(seed: number, sessions: Sessions, wantsTrace: boolean): Promise<SeedReport> {
  const world = createWorld(seed, sessions);
  return runWorld(world, () => live(world), wantsTrace);
}

/** Lets a world live to its end, and says what became of it. */
export async function runWorld({ seed, scheduler, journal, sessions }: Pick<World, 'seed' | 'scheduler' | 'journal' | 'sessions'>, live: () => Promise<void>, wantsTrace: boolean): Promise<SeedReport> {
  // What fails beside the shoppers, before anybody waits for it, ends the world as well.
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  process.once('unhandledRejection', fail);
  const violation = await scheduler.run(Promise.race([live().then(() => checkAllGivenBack(sessions)), failed])).then(() => null, asViolation);
  process.removeListener('unhandledRejection', fail);
  return { seed, steps: scheduler.steps, counts: Object.fromEntries(journal.counts), violation, trace: wantsTrace || violation ? scheduler.trace() : [] };
}

async function live(world: World): Promise<void> {
  const { nodes, plan, random, network, desk, journal } = world;
  for (const feed of ['items', 'locations', 'stock', 'receipts']) await nodes[0]!.feed(feed, 'FULL');
  const longAgo = world.erp.levels(null, instant(nodes[0]!.clock.now()));
  await shareOut(world);
  world.calm = false;
  const background = startBackground(world);
  const assortment = [...plan.skus, ...plan.facts.kits.keys()];
  await Promise.all(Array.from({ length: plan.shoppers }, (_, index) =>
    shop({ name: `shopper${index + 1}-${world.seed}`, random: random.fork(), nodes, network, desk, journal, assortment, kits: plan.facts.kits, channel: plan.channels[index] ?? null, days: plan.days, rush: plan.rush })));
  world.calm = true;
  await background.stop();
  await checkQuiescence(world, longAgo);
}

/** A transaction left open would be a guest in the next seed's world. @throws Violation */
function checkAllGivenBack(sessions: Sessions): void {
  if (sessions.inUse() > 0) throw new Violation('a world ends with all it began', `${sessions.inUse()} connections were not given back`);
}

/** What fails in a way nobody foresaw fails the proof as well. */
function asViolation(error: unknown): SeedReport['violation'] {
  if (error instanceof Violation) return { rule: error.rule, message: error.message };
  const { message, stack } = error as Error;
  return { rule: 'no process fails', message: `${message}\n${stack ?? ''}` };
}

import { writeSync } from 'node:fs';
import { decimal } from '../../../domain/decimal.ts';
import type { Hold } from '../../../domain/inventory.ts';
import { systemClock } from '../../../platform/clock.ts';
import { silentLog } from '../../../platform/log.ts';
import { startOutboxRelay } from '../../../platform/outbox.ts';
import { createRedisEventLog } from '../../../platform/stores/redis-event-log.ts';
import { startExpiryTimer } from '../../../subgraphs/inventory/holds/expiry.ts';
import { createRandom } from '../world/random.ts';
import { openProcess } from './open-process.ts';

/**
 * One process of the storm, until it is killed: `storm-worker.ts <database> <redis or -> <name> <seed> <in flight> <assortment>`.
 * Prints a line for each acknowledged commit, written through at once: what it printed it had told somebody.
 */
const [url, redisUrl, name, seed, inFlight, assortment] = process.argv.slice(2);
const random = createRandom(Number(seed));
const skus = assortment!.split(',');
const { node, database } = await openProcess(url!, name!);
startExpiryTimer({ database, clock: systemClock }, silentLog);
if (redisUrl !== '-') {
  const eventLog = await createRedisEventLog({ url: redisUrl!, log: silentLog, capacity: 10_000 }).catch(() => null);
  if (eventLog) await startOutboxRelay({ database, schema: 'inventory', eventLog, log: silentLog, pollMs: 500 });
}
const say = (message: object): void => void writeSync(1, `${JSON.stringify(message)}\n`);

async function hold(owner: string, key: string, replaces: Hold | null): Promise<Hold | null> {
  const lines = random.shuffled(skus).slice(0, random.int(1, 3)).map((sku) => ({ sku, quantity: decimal(random.int(1, 2)) }));
  const outcome = await node.book.placeHold({
    idempotencyKey: `${owner}-${key}`, owner, lines, channel: null, ttlSeconds: 10, replacesHoldId: replaces?.id ?? null, allowPartial: random.chance(0.3),
  });
  return outcome.kind === 'HELD' ? outcome.hold : replaces;
}

async function shop(owner: string): Promise<void> {
  let held = await hold(owner, 'first', null);
  if (held && random.chance(0.3)) held = await hold(owner, 'second', held);
  // Left to expire, given back, or ordered.
  if (!held || random.chance(0.1)) return;
  if (random.chance(0.3)) return void (await node.book.releaseHold({ holdId: held.id, owner }));
  const committed = await node.book.commitHold({ holdId: held.id, owner, orderReference: owner });
  if (committed) say({ reference: owner, hold: committed });
}

let visits = 0;
say({ started: name });
await Promise.all(Array.from({ length: Number(inFlight) }, async () => {
  for (;;) {
    visits += 1;
    await shop(`${name}-${visits}`).catch((error: Error) => say({ failed: error.message }));
    // An empty shelf is asked again, not hammered.
    await new Promise((later) => setTimeout(later, random.int(20, 200)));
  }
}));

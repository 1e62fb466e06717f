import { silentLog } from '../../../platform/log.ts';
import { startOutboxRelay } from '../../../platform/outbox.ts';
import { createRedisEventLog } from '../../../platform/stores/redis-event-log.ts';
import type { Database } from '../../../platform/stores/sql.ts';

const LOOKS = 300;

/** Lets what waits in the outbox leave for Redis. Answers how much is still there after half a minute. */
export async function drainOutbox(database: Database, redisUrl: string): Promise<number> {
  const eventLog = await createRedisEventLog({ url: redisUrl, log: silentLog, capacity: 10_000 });
  const relay = await startOutboxRelay({ database, schema: 'inventory', eventLog, log: silentLog, pollMs: 200 });
  let left = 0;
  for (let look = 0; look < LOOKS; look += 1) {
    const [row] = await database.query<{ left: number }>('select count(*)::integer as left from inventory.outbox');
    left = row!.left;
    if (left === 0) break;
    await new Promise((later) => setTimeout(later, 100));
  }
  await relay.stop();
  await eventLog.close();
  return left;
}

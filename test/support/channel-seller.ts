import { randomUUID } from 'node:crypto';
import { decimal } from '../../domain/decimal.ts';
import { systemClock } from '../../platform/clock.ts';
import { silentLog } from '../../platform/log.ts';
import { openPostgres } from '../../platform/stores/postgres.ts';
import { createHoldPlacement } from '../../subgraphs/inventory/holds/placement.ts';
import { releaseHold } from '../../subgraphs/inventory/holds/transitions.ts';
import { DEFAULT_POLICY } from '../../subgraphs/inventory/promise/policy.ts';

/* A process that sells one SKU through one channel, many buyers at once, until nobody gets any; every fifth buyer changes their mind. */

export interface SellingTask {
  readonly url: string;
  readonly sku: string;
  readonly channel: string | null;
  readonly buyers: number;
}

const { url, sku, channel, buyers } = JSON.parse(process.argv[2]!) as SellingTask;
const database = await openPostgres({ url, maxConnections: 4, applicationName: `seller-${channel}`, log: silentLog });
const tools = { database, clock: systemClock, policy: DEFAULT_POLICY };
const { placeHold } = createHoldPlacement(tools);

async function buy(buyer: number): Promise<number> {
  let bought = 0;
  for (let turn = 1; ; turn += 1) {
    const outcome = await placeHold({
      idempotencyKey: randomUUID(), owner: `${channel}-${buyer}`, channel, ttlSeconds: 900, replacesHoldId: null, lines: [{ sku, quantity: decimal(1) }],
    });
    if (outcome.kind === 'SHORT') return bought;
    if ((buyer + turn) % 5 === 0) await releaseHold(tools, { holdId: outcome.hold.id, owner: `${channel}-${buyer}` });
    else bought += 1;
  }
}

const bought = await Promise.all(Array.from({ length: buyers }, (_, buyer) => buy(buyer)));
process.stdout.write(JSON.stringify({ sold: bought.reduce((sum, one) => sum + one, 0) }));
await database.close();

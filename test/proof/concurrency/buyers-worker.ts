import { decimal } from '../../../domain/decimal.ts';
import { openProcess } from './open-process.ts';

/** One process of buyers: `buyers-worker.ts <database> <name> <buyers> <in flight>`. Each wants one unit of HOT; says at the end how many got it. */
const [url, name, buyers, inFlight] = process.argv.slice(2);
const { node, close } = await openProcess(url!, name!);
let next = 0;
let sold = 0;

async function buy(buyer: number): Promise<void> {
  const owner = `${name}-${buyer}`;
  const outcome = await node.book.placeHold({
    idempotencyKey: owner, owner, lines: [{ sku: 'HOT', quantity: decimal(1) }], channel: null, ttlSeconds: 60, replacesHoldId: null,
  });
  if (outcome.kind === 'SHORT') return;
  if (await node.book.commitHold({ holdId: outcome.hold.id, owner, orderReference: owner })) sold += 1;
}

await Promise.all(Array.from({ length: Number(inFlight) }, async () => {
  while (next < Number(buyers)) await buy((next += 1));
}));
await new Promise((written) => process.stdout.write(`${JSON.stringify({ asked: Number(buyers), sold })}\n`, () => written(null)));
await close();

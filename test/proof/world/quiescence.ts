import { add, decimal, isPositive, type Decimal } from '../../../domain/decimal.ts';
import type { BasketLine, HoldOutcome, HoldRequest } from '../../../domain/inventory.ts';
import { Violation } from './violation.ts';
import { instant, type CalendarDate } from '../../../domain/time.ts';
import { applyStock } from '../../../subgraphs/inventory/supply/store-stock.ts';
import type { StockLevel } from '../../../domain/inventory.ts';
import { endShares } from './shares.ts';
import type { World } from './world.ts';

type Ending = Pick<World, 'nodes' | 'network' | 'desk' | 'erp' | 'skus' | 'seed'> & { readonly plan: Pick<World['plan'], 'skus' | 'days' | 'shares'> };

/**
 * Ends everything that is under way, reads the ERP once more, and compares: nothing held, and what can be sold is what
 * the ERP has free, to the unit. Then buys all of it, which also shows that one's own hold does not count against one.
 * @param longAgo what the ERP said when all began: it comes once more, last of all
 */
export async function checkQuiescence(world: Ending, longAgo: readonly StockLevel[]): Promise<void> {
  const { nodes, network, desk } = world;
  const [node] = nodes;
  await desk.idle();
  // Longer than any hold lives, and than clocks differ by.
  await network.pause(25_000);
  await node!.expire();
  await node!.feed('stock', 'FULL');
  await node!.feed('receipts', 'FULL');
  await node!.upkeep();
  await node!.database.transaction((tx) => applyStock(tx, longAgo, instant(node!.clock.now())));
  await checkNothingStranded(world);
  await endShares(world);
  await checkOwnHold(world, null);
  for (const day of world.plan.days.slice(-1)) await checkOwnHold(world, day);
}

async function checkNothingStranded({ nodes, erp, skus }: Ending): Promise<void> {
  const rows = await nodes[0]!.database.query<{ sku: string; place: string; held: string; free: string }>(
    `select sku, location_code as place, (held + held_dated)::float8::text as held, trim_scale(on_hand - allocated)::text as free
     from inventory.stock_level where sku = any($1::text[])`, [skus],
  );
  for (const { sku, place, held, free } of rows) {
    if (held !== '0') throw new Violation('nothing stays held when nobody holds', `${held} ${sku} at ${place}`);
    if (free !== erp.freeOf(sku).get(place)) throw new Violation('what can be sold is what there is', `${free} ${sku} at ${place}, the ERP has ${erp.freeOf(sku).get(place)}`);
  }
}

async function checkOwnHold({ nodes, erp, skus, seed }: Ending, requestedOn: CalendarDate | null): Promise<void> {
  const { book } = nodes[0]!;
  const lines = skus.map((sku): BasketLine => ({ sku, quantity: erp.sellableOf(sku, requestedOn) })).filter((line) => isPositive(line.quantity));
  if (lines.length === 0) return;
  const owner = `last-${seed}-${requestedOn ?? 'now'}`;
  const request = (key: string, wanted: readonly BasketLine[], replacesHoldId: string | null): HoldRequest => ({
    idempotencyKey: `${owner}-${key}`, owner, lines: wanted, channel: null, requestedOn, ttlSeconds: 3_600, replacesHoldId,
  });
  const first = held(await book.placeHold(request('all', lines, null)), 'what can be sold is what there is');
  const again = held(await book.placeHold(request('same', lines, first)), `a shopper's own hold does not count against the shopper`);
  const [line] = lines;
  const more: Decimal = add(line!.quantity, decimal(1));
  if ((await book.placeHold(request('more', [{ ...line!, quantity: more }], again))).kind === 'HELD') throw new Violation('what can be sold is what there is', `${more} ${line!.sku} held`);
  const checked = await book.checkAvailability({ lines, channel: null, requestedOn, holdId: again, owner, deadlineMs: 10_000 });
  const refused = checked.find(({ outcome }) => outcome.kind !== 'CONFIRMED');
  if (refused) throw new Violation(`a shopper's own hold does not count against the shopper`, `${refused.sku} is ${refused.outcome.kind} in the check`);
  await book.releaseHold({ holdId: again, owner });
}

function held(outcome: HoldOutcome, rule: string): string {
  if (outcome.kind === 'HELD') return outcome.hold.id;
  const [line] = outcome.lines;
  throw new Violation(rule, `${line?.available} of ${line?.requested} ${line?.sku}`);
}

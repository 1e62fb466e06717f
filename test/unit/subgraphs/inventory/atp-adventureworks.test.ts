import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { addDays, calendarDate } from '../../../../domain/time.ts';
import { dailySchedule, projectAtp, quantityToday, type AtpCurve } from '../../../../subgraphs/inventory/promise/availability.ts';
import { readMovements, type ProductMovements } from '../../../support/adventureworks-movements.ts';
import { atpBruteForce, projectBruteForce, scaled, type OraclePolicy, type OracleSupply } from '../../../support/brute-force-atp.ts';
import { policyOf, positionOf } from '../../../support/oracle-supply.ts';

/*
 * Production's ATP against the brute-force definition on what a company really bought and sold, replayed day by day: on
 * each morning what is on the shelf, what is ordered and not in yet, what is sold and not out yet.
 */

const folder = join(process.env['SHARED_DIR'] ?? '../shared', 'data/adventureworks');
const missing = !existsSync(folder) && process.env['CI'] !== 'true';
if (missing) console.warn(`skipped: no ${folder}; set SHARED_DIR to the folder of reference data`);

interface Period {
  readonly first: string;
  readonly last: string;
  readonly everyDays: number;
}

/** The mornings of a period in turn. Nothing ordered later is known. */
function* mornings({ purchases, sales, closing }: ProductMovements, { first, last, everyDays }: Period): Generator<{ today: string; supply: OracleSupply }> {
  const stocked = (purchase: ProductMovements['purchases'][number]): number => Number(purchase.stocked ?? 0);
  const boughtInAll = purchases.reduce((total, purchase) => total + stocked(purchase), 0);
  const soldInAll = sales.reduce((total, sale) => total + Number(sale.quantity), 0);
  // What must have been there at first. Below zero for parts, which go into bicycles that are no sale of theirs.
  const opening = Math.max(0, closing + soldInAll - boughtInAll);
  for (let today = first; today <= last; today = addDays(calendarDate(today), everyDays)) {
    const arrived = purchases.filter((purchase) => purchase.dueOn < today).reduce((total, purchase) => total + stocked(purchase), 0);
    const gone = sales.filter((sale) => sale.shippedOn < today).reduce((total, sale) => total + Number(sale.quantity), 0);
    const open = purchases.filter((purchase) => purchase.orderedOn <= today && (purchase.dueOn >= today || purchase.stocked === null));
    const owed = sales.filter((sale) => sale.orderedOn <= today && sale.shippedOn >= today);
    yield {
      today,
      supply: {
        quantityBasis: 'ON_HAND', onHand: String(opening + arrived - gone), allocated: '0', unsellable: '0', held: '0', datedHolds: [],
        receipts: open.map((purchase) => ({ date: purchase.dueOn, quantity: purchase.ordered })),
        issues: owed.map((sale) => ({ date: sale.shippedOn, quantity: sale.quantity })),
      },
    };
  }
}

/** Of one replay. `feasible`: mornings that keep all their commitments and have something to promise today. */
interface Counts {
  mornings: number;
  dated: number;
  different: string[];
  feasible: number;
  brokenWithoutLookAhead: number;
  brokenByAtp: number;
}

function replay(product: ProductMovements, policy: OraclePolicy, period: Period, counts: Counts): void {
  for (const { today, supply } of mornings(product, period)) {
    const curve = projectAtp(positionOf(supply), calendarDate(today), policyOf(policy));
    const projected = projectBruteForce(supply, today, policy);
    const isDated = supply.receipts.length + supply.issues.length > 0;
    const same = isDated ? isSameDaily(curve, atpBruteForce(projected, scaled(policy.safetyStock))) : isSameThroughout(curve, atpBruteForce([projected[0]!], scaled(policy.safetyStock))[0]!);
    counts.mornings += 1;
    counts.dated += isDated ? 1 : 0;
    if (!same) counts.different.push(`product ${product.productId} on ${today}`);
    if (projected[0]! <= 0n || projected.some((left) => left < 0n)) continue;
    counts.feasible += 1;
    counts.brokenWithoutLookAhead += projected.some((left) => left < projected[0]!) ? 1 : 0;
    counts.brokenByAtp += projected.some((left) => left < scaled(quantityToday(curve))) ? 1 : 0;
  }
}

function isSameDaily(curve: AtpCurve, expected: readonly bigint[]): boolean {
  const found = dailySchedule(curve, expected.length + 1);
  return found.length === expected.length && found.every(({ quantity }, day) => scaled(quantity) === expected[day]);
}

/** Nothing comes or goes: one step says it of every day. */
const isSameThroughout = ({ steps }: AtpCurve, expected: bigint): boolean => steps.length === 1 && scaled(steps[0]!.quantity) === expected;

describe.skipIf(missing)('the ATP schedule of AdventureWorks', () => {
  let products: readonly ProductMovements[];
  let period: readonly [string, string];

  beforeAll(async () => {
    products = await readMovements(folder);
    const days = products.flatMap(({ purchases, sales }) => [...purchases.flatMap((one) => [one.orderedOn, one.dueOn]), ...sales.flatMap((one) => [one.orderedOn, one.shippedOn])]).sort();
    period = [days[0]!, days.at(-1)!];
  });

  it('brings every line there is', () => {
    expect(products.flatMap((product) => product.sales)).toHaveLength(60_919 + 32_718);
    expect(period).toEqual(['2011-04-16', '2014-10-22']);
  });

  it.each([
    { everyDays: 1, policy: { horizonDays: 90, safetyStock: '0', overdueReceipts: { kind: 'DROP' } } },
    { everyDays: 7, policy: { horizonDays: 90, safetyStock: '25', overdueReceipts: { kind: 'PUSH', days: 7 } } },
  ] as const satisfies readonly { everyDays: number; policy: OraclePolicy }[])('equals the definition for every product, day by day: %o', ({ everyDays, policy }) => {
    const counts: Counts = { mornings: 0, dated: 0, different: [], feasible: 0, brokenWithoutLookAhead: 0, brokenByAtp: 0 };
    for (const product of products) replay(product, policy, { first: period[0], last: period[1], everyDays }, counts);
    report(counts, policy);
    expect(counts.different).toEqual([]);
    expect(counts.brokenByAtp).toBe(0);
  }, 600_000);

  function report({ mornings: schedules, dated, different, feasible, brokenWithoutLookAhead, brokenByAtp }: Counts, { horizonDays, overdueReceipts }: OraclePolicy): void {
    const purchases = products.flatMap((product) => product.purchases).length;
    console.log(`AdventureWorks, ${period.join(' to ')}, overdue receipts ${overdueReceipts.kind}: ${products.length} products, ${purchases} purchase order lines, `
      + `${products.flatMap((product) => product.sales).length} sales lines; ${schedules} schedules of ${horizonDays + 1} days (${dated} with something dated in them), `
      + `${schedules * (horizonDays + 1)} days compared, ${different.length} schedules different. Of ${feasible} that keep all commitments, promising what is there `
      + `without look-ahead breaks one in ${brokenWithoutLookAhead}, promising ATP in ${brokenByAtp}`);
  }
});

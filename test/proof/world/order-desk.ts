import { decimal } from '../../../domain/decimal.ts';
import type { Hold } from '../../../domain/inventory.ts';
import type { NewOrder } from '../../../domain/orders.ts';
import { instant } from '../../../domain/time.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Erp } from './erp.ts';
import type { InventoryNode } from './inventory-node.ts';
import type { Journal } from './journal.ts';
import type { Network } from './network.ts';
import type { Random } from './random.ts';
import { untilKnown } from './retry.ts';

/** The orders side as inventory sees it: some time after a commit the ERP has the order, and inventory is told, perhaps twice. */
export interface OrderDesk {
  accept(reference: string, hold: Hold): void;
  /** Resolves when no order is on its way any more. */
  idle(): Promise<void>;
}

export interface OrderDeskOptions {
  readonly erp: Erp;
  readonly nodes: readonly InventoryNode[];
  readonly network: Network;
  readonly random: Random;
  readonly journal: Journal;
  /** Orders name the location each line is held at, and the day it is wanted. */
  readonly namesPlaces: boolean;
  /** Skewed against those of the inventory processes. */
  readonly clock: Clock;
}

export function createOrderDesk(options: OrderDeskOptions): OrderDesk {
  const underWay = new Set<Promise<void>>();
  return {
    accept: (reference, hold) => {
      const work = handle(options, reference, hold).finally(() => underWay.delete(work));
      underWay.add(work);
    },
    idle: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

async function handle(options: OrderDeskOptions, reference: string, hold: Hold): Promise<void> {
  const { random, network, journal } = options;
  await network.pause(random.pick([0, 5, 200, 3_000, 20_000]));
  if (random.chance(0.15)) {
    journal.cancelling.add(reference);
    await twiceAtTimes(options, (node) => node.book.cancelCommitted({ orderReference: reference }));
    return journal.count('cancelled', reference);
  }
  const acceptedAt = await bringToErp(options, reference, hold);
  await network.pause(random.pick([0, 0, 10, 2_000]));
  await twiceAtTimes(options, (node) => node.book.markAccepted({ orderReference: reference, acceptedAt }));
  journal.count('accepted', `${reference} at ${acceptedAt}`);
}

/** As orders does it: look up by the reference, send, and after silence look up again before anything is sent. */
async function bringToErp({ erp, network, clock, journal, namesPlaces }: OrderDeskOptions, reference: string, hold: Hold): Promise<ReturnType<typeof instant>> {
  journal.submitted.add(reference);
  await untilKnown(network, () => network.ask(() => erp.find(reference) ?? erp.take(newOrder(reference, hold, clock, namesPlaces))));
  return instant(clock.now());
}

async function twiceAtTimes({ nodes, network, random }: OrderDeskOptions, tell: (node: InventoryNode) => Promise<void>): Promise<void> {
  const once = (): Promise<void> => untilKnown(network, () => tell(random.pick(nodes)));
  await Promise.all(random.chance(0.3) ? [once(), once()] : [once()]);
}

/** What the shopper asked for and got: the ERP takes kits apart by itself. */
const newOrder = (reference: string, hold: Hold, clock: Clock, namesPlaces: boolean): NewOrder => ({
  reference, customerId: 'guest', channel: null, currencyCode: 'EUR' as NewOrder['currencyCode'], priceListCode: null, shipTo: null, requestedOn: namesPlaces ? (hold.lines[0]?.dueOn ?? null) : null, note: null,
  placedAt: instant(clock.now()),
  lines: (namesPlaces ? hold.lines : hold.basket.map(({ sku, held: quantity }) => ({ sku, quantity, locationCode: null }))).map(({ sku, quantity, locationCode }, index) => ({
    lineNumber: index + 1, sku, quantity, unitPrice: { amount: decimal('1'), currencyCode: 'EUR' as NewOrder['currencyCode'] }, locationCode,
  })),
});

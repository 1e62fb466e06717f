import type { OrderPort } from '../../../../domain/connector.ts';
import { Failure } from '../../../../domain/failure.ts';
import { add, compare, equals, isPositive, ZERO, type Decimal } from '../../../../domain/decimal.ts';
import type { ChangeOutcome, OrderChange, PickingProgress } from '../../../../domain/order-changes.ts';
import type { ErpOrder, ErpOrderLine } from '../../../../domain/orders.ts';
import { instant } from '../../../../domain/time.ts';

interface Asked {
  readonly shipTo: OrderChange['shipTo'];
  readonly requestedOn: OrderChange['requestedOn'];
}

/** The warehouse of an ERP: what it has begun with it does not give back, whoever asks, and it decides in one step. */
export class WarehouseWorld {
  readonly picked = new Map<string, Decimal>();
  /** What addresses and days documents were given. */
  readonly asked = new Map<string, Asked>();
  /** Whether it cancels no order as a whole any more once somebody has goods of it in their hands. */
  refusesCancelOncePicked = false;
  /** Whether the document keeps our line numbers. */
  numbersLines = false;
  readonly #documents: ErpOrder[];

  constructor(documents: ErpOrder[]) {
    this.#documents = documents;
  }

  find(id: string): ErpOrder {
    return this.#documents.find((document) => document.id === id)!;
  }

  /** Somebody takes goods of an order into their hands; false: it does not want them. */
  pick(id: string, sku: string, quantity: Decimal): boolean {
    const document = this.find(id);
    const line = document.lines.find((one) => one.sku === sku);
    if (!line || document.state !== 'CONFIRMED' || compare(add(this.pickedOf(id, sku), add(line.delivered, quantity)), line.quantity) > 0) return false;
    this.picked.set(`${id} ${sku}`, add(this.pickedOf(id, sku), quantity));
    return true;
  }

  /** What is picked leaves. */
  ship(id: string): void {
    this.edit(id, (line) => ({ ...line, delivered: add(line.delivered, this.pickedOf(id, line.sku)) }));
    for (const { sku } of this.find(id).lines) this.picked.delete(`${id} ${sku}`);
  }

  /** As people do it in the ERP. */
  edit(id: string, change: (line: ErpOrderLine) => ErpOrderLine, state?: ErpOrder['state']): ErpOrder {
    const index = this.#documents.findIndex((document) => document.id === id);
    const document = this.#documents[index]!;
    return (this.#documents[index] = { ...document, state: state ?? document.state, lines: document.lines.map(change), updatedAt: instant(Date.now()) });
  }

  readPicking(id: string): PickingProgress {
    const lines = this.find(id).lines.map(({ sku, delivered }) => ({ sku, picked: this.pickedOf(id, sku), shipped: delivered }));
    const started = lines.some(({ picked, shipped }) => isPositive(picked) || isPositive(shipped));
    return { started, detail: started ? `OUT/${id} is being picked` : null, lines };
  }

  amend(id: string, { lines, shipTo, requestedOn }: OrderChange): ChangeOutcome {
    const order = this.find(id);
    if (order.state === 'CANCELLED') return { kind: 'REFUSED', reason: 'CANCELLED', detail: `${order.number} is cancelled`, order };
    const touched = lines.flatMap((wanted) => {
      const line = order.lines.find((one) => this.isSame(one, wanted));
      if (!line || equals(line.quantity, wanted.quantity)) return [];
      return isPositive(line.delivered) ? ['SHIPPED' as const] : isPositive(this.pickedOf(id, line.sku)) ? ['PICKING_STARTED' as const] : [];
    });
    if (shipTo !== undefined && this.readPicking(id).started) touched.push('PICKING_STARTED');
    if (touched.length > 0) return { kind: 'REFUSED', reason: touched[0]!, detail: `OUT/${id} is being picked`, order };
    this.asked.set(id, { shipTo: shipTo ?? this.asked.get(id)?.shipTo, requestedOn: requestedOn === undefined ? this.asked.get(id)?.requestedOn : requestedOn });
    return { kind: 'APPLIED', order: this.edit(id, (line) => ({ ...line, quantity: lines.find((wanted) => this.isSame(line, wanted))?.quantity ?? line.quantity })) };
  }

  /** What has not left is cancelled, picked or not: the goods go back to the shelf. */
  cancel(id: string): ErpOrder {
    if (this.refusesCancelOncePicked && this.readPicking(id).started) throw new Failure('UPSTREAM_REJECTED', `${id} is being picked`);
    for (const { sku } of this.find(id).lines) this.picked.delete(`${id} ${sku}`);
    return this.edit(id, (line) => line, 'CANCELLED');
  }

  port(): Pick<Required<OrderPort>, 'readPicking' | 'amendOrder' | 'cancelOrder'> {
    return {
      readPicking: async (id) => this.readPicking(id),
      amendOrder: async (id, change) => this.amend(id, change),
      cancelOrder: async (id) => this.cancel(id),
    };
  }

  pickedOf(id: string, sku: string): Decimal {
    return this.picked.get(`${id} ${sku}`) ?? ZERO;
  }

  private isSame(line: ErpOrderLine, wanted: OrderChange['lines'][number]): boolean {
    return this.numbersLines ? line.lineNumber === wanted.lineNumber : line.sku === wanted.sku;
  }
}

/** What the document says will leave, or has. */
export const orderedOf = (document: ErpOrder | undefined, sku: string): string =>
  document === undefined ? '0' : document.lines.filter((line) => line.sku === sku).reduce((sum, line) => add(sum, document.state === 'CANCELLED' ? line.delivered : line.quantity), ZERO);


import { add, compare, decimal, greatest, isPositive, least, subtract, sum, ZERO, type Decimal } from '../../../domain/decimal.ts';
import type { DatedQuantity, Receipt, StockLevel } from '../../../domain/inventory.ts';
import type { ErpOrder, NewOrder } from '../../../domain/orders.ts';
import type { CalendarDate, Instant } from '../../../domain/time.ts';
import { instant } from '../../../domain/time.ts';
import { addUp, type Kits } from './kits.ts';
import type { Random } from './random.ts';

interface Place {
  readonly sku: string;
  readonly locationCode: string;
  onHand: Decimal;
  allocated: Decimal;
  changedAtMs: number;
}

interface Document {
  readonly id: string;
  readonly order: NewOrder;
  readonly takes: { readonly place: Place; quantity: Decimal }[];
  /** To leave on a day, and till then in the figures as demand of that day. */
  readonly owes: { readonly place: Place; readonly date: CalendarDate; readonly quantity: Decimal }[];
  readonly changedAtMs: number;
  shipped: boolean;
}

interface Purchase {
  readonly reference: string;
  readonly sku: string;
  readonly locationCode: string;
  readonly quantity: Decimal;
  readonly dueOn: CalendarDate;
  open: boolean;
  changedAtMs: number;
}

export interface Goods {
  readonly sku: string;
  readonly locationCode: string;
  readonly quantity: Decimal;
}

export interface ErpFacts {
  readonly stock: readonly Goods[];
  readonly purchases: readonly (Goods & { readonly dueOn: CalendarDate })[];
  readonly kits: Kits;
}

type Note = (line: () => string) => void;

export interface ErpOptions {
  readonly random: Random;
  readonly now: () => number;
  readonly note: Note;
}

/**
 * The truth: what there is, what was ordered, what comes. Nobody but us sells from it. It allocates an order from wherever
 * it likes, which need not be where we held, unless a line names its location; and it never refuses one: an order it
 * cannot cover is an oversell, also one for a day.
 */
export class Erp {
  readonly kits: Kits;
  readonly oversold: string[] = [];
  readonly #places: Place[];
  readonly #purchases: Purchase[];
  readonly #documents: Document[] = [];
  readonly #random: Random;
  readonly #now: () => number;
  readonly #note: Note;

  constructor(facts: ErpFacts, { random, now, note }: ErpOptions) {
    this.#note = note;
    this.kits = facts.kits;
    this.#random = random;
    this.#now = now;
    this.#places = facts.stock.map(({ sku, locationCode, quantity }) => ({ sku, locationCode, onHand: quantity, allocated: ZERO, changedAtMs: now() }));
    this.#purchases = facts.purchases.map((purchase, index) => ({ reference: `PO-${index}`, ...purchase, open: true, changedAtMs: now() }));
  }

  /** Everything there ever was of a SKU that could be shipped by now: what was there and what has come. */
  everOf(sku: string): Decimal {
    const shipped = this.#documents.flatMap((document) => (document.shipped ? document.takes : [])).filter((take) => take.place.sku === sku);
    return sum([...this.#of(sku).map((place) => place.onHand), ...shipped.map((take) => take.quantity)]);
  }

  /** Still to come of it, by a day. */
  comingOf(sku: string, by: CalendarDate): Decimal {
    return sum(this.#purchases.filter((purchase) => purchase.open && purchase.sku === sku && purchase.dueOn <= by).map((purchase) => purchase.quantity));
  }

  /** What nobody has ordered, per location. */
  freeOf(sku: string): ReadonlyMap<string, Decimal> {
    return new Map(this.#of(sku).map((place) => [place.locationCode, subtract(place.onHand, place.allocated)]));
  }

  /** What can still be sold of it to be taken from a day on; null: now. */
  sellableOf(sku: string, from: CalendarDate | null): Decimal {
    return sum(this.#of(sku).map((place) => greatest(ZERO, this.#lowestFrom(place, from))));
  }

  levels(since: number | null, asOf: Instant): StockLevel[] {
    return this.#places
      .filter((place) => since === null || place.changedAtMs >= since)
      .map((place) => {
        const { sku, locationCode, onHand, allocated } = place;
        return { sku, locationCode, quantityBasis: 'ON_HAND', onHand, allocated, unsellable: ZERO, issues: this.#owedAt(place), asOf };
      });
  }

  receipts(since: number | null): Receipt[] {
    return this.#purchases
      .filter((purchase) => since === null || purchase.changedAtMs >= since)
      .map(({ reference, sku, locationCode, quantity, dueOn, open, changedAtMs }) => ({
        reference, sku, locationCode, dueOn, openQuantity: open ? quantity : ZERO, updatedAt: instant(changedAtMs),
      }));
  }

  documentsOf(reference: string): number {
    return this.#documents.filter(({ order }) => order.reference === reference).length;
  }

  find(reference: string): ErpOrder | null {
    const document = this.#documents.find(({ order }) => order.reference === reference);
    return document ? present(document) : null;
  }

  /** Takes an order and allocates its goods, or says what is missing. */
  take(order: NewOrder): ErpOrder {
    const document: Document = { id: `SO-${this.#documents.length + 1}`, order, takes: [], owes: [], changedAtMs: this.#now(), shipped: false };
    this.#documents.push(document);
    const [anywhere, named] = [order.lines.filter((line) => line.locationCode === null), order.lines.filter((line) => line.locationCode !== null)];
    for (const [sku, quantity] of addUp(anywhere, this.kits)) this.#allocate(document, sku, decimal(quantity), this.#random.shuffled(this.#of(sku)));
    for (const { sku, quantity, locationCode } of named) {
      const place = this.#of(sku).find((candidate) => candidate.locationCode === locationCode)!;
      if (order.requestedOn === null) this.#allocate(document, sku, quantity, [place]);
      else this.#owe(document, { place, quantity, date: order.requestedOn });
      this.#requireCovered(document, place);
    }
    return present(document);
  }

  /** Ships a document whose goods are all there. False: there is none. */
  ship(): boolean {
    const ripe = this.#documents.filter((document) => !document.shipped && document.owes.length === 0 && document.takes.every(({ place, quantity }) => compare(place.onHand, quantity) >= 0));
    if (ripe.length === 0) return false;
    const document = this.#random.pick(ripe);
    for (const { place, quantity } of document.takes) this.#move(place, subtract(place.onHand, quantity), subtract(place.allocated, quantity));
    document.shipped = true;
    return true;
  }

  /** A purchase comes in. False: none is open. */
  receive(): boolean {
    const open = this.#purchases.filter((purchase) => purchase.open);
    if (open.length === 0) return false;
    const purchase = this.#random.pick(open);
    const place = this.#of(purchase.sku).find(({ locationCode }) => locationCode === purchase.locationCode)!;
    purchase.open = false;
    purchase.changedAtMs = this.#now();
    this.#move(place, add(place.onHand, purchase.quantity), place.allocated);
    return true;
  }

  #of(sku: string): Place[] {
    return this.#places.filter((place) => place.sku === sku);
  }

  #owedAt(place: Place): DatedQuantity[] {
    return this.#documents.flatMap((document) => document.owes).filter((owed) => owed.place === place).map(({ date, quantity }) => ({ date, quantity }));
  }

  /** The least it will have of it from a day on, purchases come in and orders gone on their days. */
  #lowestFrom(place: Place, from: CalendarDate | null): Decimal {
    const [owed, purchases] = [this.#owedAt(place), this.#purchases.filter((purchase) => purchase.open && purchase.sku === place.sku && purchase.locationCode === place.locationCode)];
    const on = (day: CalendarDate | null): Decimal => {
      const due = <T>(items: readonly T[], dayOf: (item: T) => CalendarDate): T[] => items.filter((item) => day !== null && dayOf(item) <= day);
      const coming = sum(due(purchases, ({ dueOn }) => dueOn).map(({ quantity }) => quantity));
      const going = sum(due(owed, ({ date }) => date).map(({ quantity }) => quantity));
      return subtract(add(subtract(place.onHand, place.allocated), coming), going);
    };
    const later = [...owed.map(({ date }) => date), ...purchases.map(({ dueOn }) => dueOn)].filter((day) => from === null || day > from);
    return later.map(on).reduce(least, on(from));
  }

  #owe(document: Document, owed: Document['owes'][number]): void {
    const { place, quantity, date } = owed;
    document.owes.push(owed);
    place.changedAtMs = this.#now();
    this.#note(() => `ERP: ${place.sku} at ${place.locationCode} owes ${quantity} on ${date}`);
  }

  #requireCovered({ order }: Document, place: Place): void {
    const lowest = this.#lowestFrom(place, null);
    if (compare(lowest, ZERO) < 0) this.oversold.push(`with ${order.reference} ${place.sku} at ${place.locationCode} comes down to ${lowest}`);
  }

  #allocate(document: Document, sku: string, quantity: Decimal, places: readonly Place[]): void {
    let missing = quantity;
    for (const place of places) {
      const taken = least(missing, subtract(place.onHand, place.allocated));
      if (!isPositive(taken)) continue;
      document.takes.push({ place, quantity: taken });
      this.#move(place, place.onHand, add(place.allocated, taken));
      missing = subtract(missing, taken);
    }
    if (isPositive(missing)) this.oversold.push(`${document.order.reference} needs ${quantity} ${sku}, ${missing} more than nobody had ordered`);
  }

  #move(place: Place, onHand: Decimal, allocated: Decimal): void {
    this.#note(() => `ERP: ${place.sku} at ${place.locationCode} has ${onHand} on hand, ${allocated} allocated`);
    Object.assign(place, { onHand, allocated, changedAtMs: this.#now() });
  }
}

function present({ id, order, changedAtMs }: Document): ErpOrder {
  return {
    id, number: id, reference: order.reference, state: 'CONFIRMED', total: null,
    lines: order.lines.map(({ sku, quantity }) => ({ sku, quantity, delivered: ZERO })), updatedAt: instant(changedAtMs),
  };
}

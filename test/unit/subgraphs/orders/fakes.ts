import { randomUUID } from 'node:crypto';
import type { Clients } from '../../../../domain/clients.ts';
import type { CustomerPort, OrderPort, ShipmentPort } from '../../../../domain/connector.ts';
import type { CustomerRecord, NewCustomer } from '../../../../domain/customers.ts';
import { compare, decimal, least, multiply, round, subtract, sum, add, ZERO, type Decimal } from '../../../../domain/decimal.ts';
import type { BasketLine, CheckedLine, HeldLine, Hold, LineOutcome } from '../../../../domain/inventory.ts';
import type { ErpOrder, NewOrder } from '../../../../domain/orders.ts';
import type { AppliedPromotion, PriceOutcome } from '../../../../domain/pricing.ts';
import type { BasketQuote, BasketQuoteRequest, QuoteVerdict } from '../../../../domain/quotes.ts';
import type { ShipmentRecord } from '../../../../domain/shipments.ts';
import { addMs, instant, type Instant } from '../../../../domain/time.ts';
import { ReturnsWorld } from './fake-returns.ts';
import { WarehouseWorld } from './fake-warehouse.ts';
import { tapped, type Tap } from './tap.ts';

export { never, type Tap } from './tap.ts';

export interface HeldStock {
  hold: Hold & { owner: string };
  orderReference: string | null;
  accepted: Instant | null;
}

/** Inventory as the orders subgraph sees it: counts, idempotent holds, commit and cancel. State outlives "processes". */
export class InventoryWorld {
  readonly stock = new Map<string, Decimal>([['A', decimal('1000')], ['B', decimal('1000')], ['LAST', decimal('1')], ['NOPRICE', decimal('1000')]]);
  readonly holds = new Map<string, HeldStock>();
  readonly byKey = new Map<string, string>();
  readonly reductions = new Set<string>();
  /** Overrides the outcome of the live check. */
  outcome: ((sku: string, quantity: Decimal) => LineOutcome) | null = null;
  /** What a hold says of its lines: nothing, unless told. */
  basket: readonly HeldLine[] = [];

  expire(holdId: string): void {
    this.end(holdId, 'EXPIRED');
  }

  end(holdId: string, state: 'EXPIRED' | 'RELEASED'): void {
    const held = this.holds.get(holdId);
    if (!held || (held.hold.state !== 'HELD' && held.hold.state !== 'COMMITTED')) return;
    held.hold = { ...held.hold, state };
    for (const { sku, quantity } of held.hold.lines) this.stock.set(sku, add(this.stock.get(sku) ?? ZERO, quantity));
  }

  client(tap: () => Tap): Clients['inventory'] {
    return tapped<Clients['inventory']>(
      {
        checkAvailability: async ({ lines }) => lines.map((line) => this.check(line.sku, line.unit === 'DOZEN' ? multiply(line.quantity, decimal('12')) : line.quantity)),
        placeHold: async ({ idempotencyKey, owner, lines, channel, replacesHoldId }) => {
          const key = `${owner} ${idempotencyKey}`;
          const earlier = this.byKey.get(key);
          if (earlier) return { kind: 'HELD', hold: this.holds.get(earlier)!.hold };
          const short = lines.filter(({ sku, quantity }) => compare(this.stock.get(sku) ?? ZERO, quantity) < 0);
          if (short.length > 0) {
            return { kind: 'SHORT', lines: short.map(({ sku, quantity }) => ({ sku, requested: quantity, available: this.stock.get(sku) ?? ZERO, reason: 'OUT_OF_STOCK' })) };
          }
          if (replacesHoldId) this.end(replacesHoldId, 'RELEASED');
          for (const { sku, quantity } of lines) this.stock.set(sku, subtract(this.stock.get(sku)!, quantity));
          const id = randomUUID();
          const now = instant(Date.now());
          const hold = { id, owner, state: 'HELD' as const, channel, lines: lines.map((line) => ({ ...line, locationCode: 'MAIN', dueOn: null })), basket: this.basket, expiresAt: addMs(now, 900_000), createdAt: now };
          this.holds.set(id, { hold, orderReference: null, accepted: null });
          this.byKey.set(key, id);
          return { kind: 'HELD', hold };
        },
        commitHold: async ({ holdId, owner, orderReference }) => {
          const held = this.holds.get(holdId);
          if (!held || held.hold.owner !== owner) return null;
          if (held.hold.state === 'HELD') {
            held.hold = { ...held.hold, state: 'COMMITTED' };
            held.orderReference = orderReference;
          }
          return held.hold.state === 'COMMITTED' ? held.hold : null;
        },
        extendHold: async ({ holdId }) => this.holds.get(holdId)?.hold ?? null,
        releaseHold: async ({ holdId }) => {
          this.end(holdId, 'RELEASED');
          return this.holds.get(holdId)?.hold ?? null;
        },
        cancelCommitted: async ({ orderReference }) => {
          for (const held of this.holds.values()) if (held.orderReference === orderReference) this.end(held.hold.id, 'RELEASED');
        },
        reduceCommitted: async ({ orderReference, lines, key }) => this.reduce(orderReference, lines, key),
        markAccepted: async ({ orderReference, acceptedAt }) => {
          for (const held of this.holds.values()) if (held.orderReference === orderReference) held.accepted ??= acceptedAt;
        },
      },
      tap,
    );
  }

  /** The latest hold first, once per key. */
  private reduce(orderReference: string, lines: readonly BasketLine[], key: string): void {
    if (this.reductions.has(`${orderReference} ${key}`)) return;
    this.reductions.add(`${orderReference} ${key}`);
    for (const { sku, quantity } of lines) {
      let wanted = quantity;
      for (const held of [...this.holds.values()].filter((one) => one.orderReference === orderReference && one.hold.state === 'COMMITTED').toReversed()) {
        const has = held.hold.lines.find((line) => line.sku === sku)?.quantity ?? ZERO;
        const given = least(has, wanted);
        wanted = subtract(wanted, given);
        this.stock.set(sku, add(this.stock.get(sku) ?? ZERO, given));
        held.hold = { ...held.hold, lines: held.hold.lines.map((line) => (line.sku === sku ? { ...line, quantity: subtract(line.quantity, given) } : line)) };
      }
    }
  }

  private check(sku: string, quantity: Decimal): CheckedLine {
    const evidence = { asOf: instant(Date.now()), source: 'erp', freshness: 'LIVE' as const };
    const outcome: LineOutcome = this.outcome?.(sku, quantity) ?? (this.stock.has(sku)
      ? { kind: 'CONFIRMED', date: '2026-01-01' as never, basis: 'ON_HAND', sources: [] }
      : { kind: 'REJECTED', reason: 'UNKNOWN_SKU', earliest: null, alternatives: [] });
    return { sku, requested: quantity, outcome, evidence };
  }
}

function basketOf(lines: readonly PriceOutcome[], verdict: QuoteVerdict | null): BasketQuote {
  const priced = lines.flatMap((outcome) => (outcome.kind === 'PRICED' ? [outcome.line] : []));
  const currencyCode = priced[0]?.lineTotal.currencyCode ?? null;
  if (currencyCode === null) return { lines, currencyCode, subtotal: null, discount: null, verdict };
  return { lines, currencyCode, subtotal: sum(priced.map(({ lineTotal }) => lineTotal.amount)), discount: sum(priced.map(({ discount }) => discount)), verdict };
}

/** Prices of every SKU but NOPRICE. */
export class PriceWorld {
  unitPrice = decimal('10.995');
  /** By SKU: off each line of it, in baskets alone. */
  readonly promotions = new Map<string, AppliedPromotion>();
  /** What a quote is worth. */
  judge: (token: string) => QuoteVerdict = () => ({ kind: 'STANDS', quoteId: 'quote' });
  /** What the source says of its own prices at checkout; undefined: it is not asked. */
  erpPrices: BasketQuote['erpPrices'] | undefined;
  /** What baskets were asked for, the latest last. */
  readonly asked: BasketQuoteRequest[] = [];

  client(tap: () => Tap): Clients['pricing'] {
    const priced: Clients['pricing']['quotePrices'] = async ({ lines, context }) => lines.map(({ sku, quantity }) => {
      if (sku === 'NOPRICE') return { kind: 'NO_PRICE', sku, reason: 'NO_LIST_PRICE' };
      const currencyCode = context.currencyCode ?? 'EUR';
      const unitPrice = { amount: this.unitPrice, currencyCode };
      const lineTotal = { amount: round(multiply(this.unitPrice, quantity), 2, 'HALF_UP'), currencyCode };
      return { kind: 'PRICED', line: { sku, quantity, unitPrice, listPrice: unitPrice, lineTotal, discount: ZERO, promotions: [], layer: 'BASE', priceListCode: null, ruleReference: null, breakQuantity: decimal('1'), asOf: context.at } };
    });
    return tapped<Clients['pricing']>(
      {
        quotePrices: priced,
        readListsInForce: async () => [],
        quoteBasket: async (request) => {
          this.asked.push(request);
          const lines = request.lines.map((line) => (line.unit === 'DOZEN' ? { ...line, quantity: multiply(line.quantity, decimal('12')) } : line));
          const outcomes = await priced({ lines, context: request.context });
          const quoted = basketOf(outcomes.map((outcome) => this.promoted(outcome)), request.quoteToken === null ? null : this.judge(request.quoteToken));
          return request.atCheckout && this.erpPrices ? { ...quoted, erpPrices: this.erpPrices } : quoted;
        },
      },
      tap,
    );
  }

  private promoted(outcome: PriceOutcome): PriceOutcome {
    const promotion = outcome.kind === 'PRICED' ? this.promotions.get(outcome.line.sku) : undefined;
    return outcome.kind === 'PRICED' && promotion ? { ...outcome, line: { ...outcome.line, discount: promotion.amount, promotions: [promotion] } } : outcome;
  }
}

const customer = (number: string): CustomerRecord => ({
  number, kind: 'PERSON', name: `Customer ${number}`, email: null, phone: null, taxId: null, companyNumber: null, priceListCode: null,
  paymentTermCode: null, creditLimit: null, currencyCode: null, active: number !== 'BLOCKED', addresses: [], updatedAt: null, references: [],
});

export const customerClient: Clients['customer'] = {
  readCustomer: async ({ number }) => (number.startsWith('C') || number === 'BLOCKED' ? customer(number) : null),
  findCustomerByEmail: async () => null,
  checkCredit: async ({ amount }) => ({ kind: 'APPROVED', limit: null, exposure: amount }),
  findApiKeys: async ({ prefixes }) => prefixes.map(() => null),
  noteApiKeyUses: async () => undefined,
};

/** An ERP that, like the real ones, creates a new document for every create it is sent. */
export class ErpWorld {
  readonly documents: ErpOrder[] = [];
  readonly warehouse = new WarehouseWorld(this.documents);
  readonly customers: NewCustomer[] = [];
  readonly shipments: ShipmentRecord[] = [];
  readonly createsAsDraft: boolean;
  readonly returned = new ReturnsWorld();

  constructor(createsAsDraft = false) {
    this.createsAsDraft = createsAsDraft;
  }

  orders(tap: () => Tap): OrderPort {
    const change = (id: string, state: ErpOrder['state']): ErpOrder => {
      const index = this.documents.findIndex((document) => document.id === id);
      return (this.documents[index] = { ...this.documents[index]!, state, updatedAt: instant(Date.now()) });
    };
    return tapped<OrderPort>(
      {
        findOrder: async (reference) => this.documents.find((document) => document.reference === reference) ?? null,
        createOrder: async (order) => this.create(order),
        confirmOrder: async (id) => change(id, 'CONFIRMED'),
        ...this.warehouse.port(),
        listOrders: async () => ({ records: [...this.documents], rejected: [], next: null, watermark: null, total: null }),
      },
      tap,
    );
  }

  customersPort(tap: () => Tap): CustomerPort {
    return tapped<CustomerPort>(
      {
        listCustomers: async () => ({ records: [], rejected: [], next: null, watermark: null, total: null }),
        findCustomer: async (key) => ('number' in key ? `erp-${key.number}` : null),
        ensureCustomer: async (guest) => {
          if (!this.customers.some((known) => known.reference === guest.reference)) this.customers.push(guest);
          return `erp-${guest.reference}`;
        },
      },
      tap,
    );
  }

  shipmentsPort(): ShipmentPort {
    return { listShipments: async () => ({ records: [...this.shipments], rejected: [], next: null, watermark: null, total: null }) };
  }

  private create({ reference, lines }: NewOrder): ErpOrder {
    const id = String(this.documents.length + 1);
    const document: ErpOrder = {
      id, number: `S${id.padStart(5, '0')}`, reference, state: this.createsAsDraft ? 'DRAFT' : 'CONFIRMED', total: null,
      lines: lines.map(({ lineNumber, sku, quantity }) => ({ sku, quantity, delivered: ZERO, ...(this.warehouse.numbersLines && { lineNumber }) })), updatedAt: instant(Date.now()),
    };
    this.documents.push(document);
    return document;
  }
}

import type { ReturnPort } from '../../../../domain/connector.ts';
import { add, compare, decimal, multiply, round, sum, ZERO, type Decimal } from '../../../../domain/decimal.ts';
import { Failure } from '../../../../domain/failure.ts';
import type { CreditMemoRecord, ErpReturn, NewCreditMemo, NewReturn, ReceivedLine } from '../../../../domain/returns.ts';
import type { ShipmentRecord } from '../../../../domain/shipments.ts';
import { instant } from '../../../../domain/time.ts';
import { tapped, type Tap } from './tap.ts';

/** Goods and money on their way back, as real ERPs keep them: every create makes another document. */
export class ReturnsWorld {
  readonly documents: ErpReturn[] = [];
  readonly memos: CreditMemoRecord[] = [];
  /** Pieces really taken in, by disposition. */
  readonly taken: (ReceivedLine & { readonly id: string })[] = [];
  /** What the ERP makes of a memo; by default 10 each and 20 % tax. */
  amounts: (memo: NewCreditMemo) => { readonly total: Decimal; readonly tax: Decimal } = ({ lines, charges }) => {
    const net = add(multiply(sum(lines.map(({ quantity }) => quantity)), decimal('10')), sum(charges.map(({ amount }) => amount)));
    const tax = round(multiply(net, decimal('0.2')), 2, 'HALF_UP');
    return { total: add(net, tax), tax };
  };
  /** Words of refusal, by method. */
  readonly refusals = new Map<string, string>();
  postsAtOnce = true;

  port(tap: () => Tap): ReturnPort {
    const memo = (reference: string): CreditMemoRecord | null => this.memos.find((known) => known.reference === reference) ?? null;
    return tapped<ReturnPort>(
      {
        findReturn: async (reference) => this.documents.find((document) => document.reference === reference) ?? null,
        createReturn: async (request) => this.create(request),
        receiveReturn: async (id, lines) => this.receive(id, lines),
        cancelReturn: async (id) => this.change(id, (document) => ({ state: document.lines.some(({ received }) => received !== ZERO) ? 'RECEIVED' : 'CANCELLED' })),
        findCreditMemo: async (reference) => memo(reference),
        createCreditMemo: async (request) => this.credit(request),
        postCreditMemo: async (id) => this.changeMemo(id, { state: 'POSTED', postedAt: instant(Date.now()) }),
      },
      tap,
    );
  }

  /** As the ERP's shipment feed tells of a return's document. */
  shipmentOf({ id, number, reference, state, lines, updatedAt }: ErpReturn, orderId: string): ShipmentRecord {
    const STATES = { EXPECTED: 'PLANNED', RECEIVED: 'SHIPPED', CANCELLED: 'CANCELLED' } as const;
    return {
      id, number, orderId, state: STATES[state], carrier: null, tracking: [], locationCode: null, lines: lines.map(({ sku, quantity }) => ({ sku, quantity })),
      shippedAt: state === 'RECEIVED' ? updatedAt : null, direction: 'RETURN', returnReference: reference, updatedAt,
    };
  }

  changeMemo(id: string, news: Partial<CreditMemoRecord>): CreditMemoRecord {
    const index = this.memos.findIndex((known) => known.id === id);
    return (this.memos[index] = { ...this.memos[index]!, ...news, updatedAt: instant(Date.now()) });
  }

  private refuse(method: string): void {
    const words = this.refusals.get(method);
    if (words) throw new Failure('UPSTREAM_REJECTED', words);
  }

  private change(id: string, news: (document: ErpReturn) => Partial<ErpReturn>): ErpReturn {
    const index = this.documents.findIndex((document) => document.id === id);
    return (this.documents[index] = { ...this.documents[index]!, ...news(this.documents[index]!), updatedAt: instant(Date.now()) });
  }

  private create({ reference, lines }: NewReturn): ErpReturn {
    this.refuse('createReturn');
    const id = `R${this.documents.length + 1}`;
    const document: ErpReturn = {
      id, number: `WH/RET/${id}`, reference, state: 'EXPECTED', lines: lines.map(({ sku, quantity }) => ({ sku, quantity, received: ZERO })), updatedAt: instant(Date.now()),
    };
    this.documents.push(document);
    return document;
  }

  /** All that has come so far; only what is new is taken in. */
  private receive(id: string, lines: readonly ReceivedLine[]): ErpReturn {
    this.refuse('receiveReturn');
    for (const line of lines) {
      const before = sum(this.taken.filter((taken) => taken.id === id && taken.sku === line.sku && taken.disposition === line.disposition).map(({ quantity }) => quantity));
      if (compare(line.quantity, before) > 0) this.taken.push({ ...line, id, quantity: add(line.quantity, multiply(before, decimal('-1'))) });
    }
    return this.change(id, (document) => {
      const counted = document.lines.map((line) => ({ ...line, received: sum(this.taken.filter((taken) => taken.id === id && taken.sku === line.sku).map(({ quantity }) => quantity)) }));
      return { lines: counted, state: counted.every(({ quantity, received }) => compare(received, quantity) >= 0) ? 'RECEIVED' : 'EXPECTED' };
    });
  }

  private credit(request: NewCreditMemo): CreditMemoRecord {
    this.refuse('createCreditMemo');
    const now = instant(Date.now());
    const { total, tax } = this.amounts(request);
    const memo: CreditMemoRecord = {
      id: `M${this.memos.length + 1}`, number: `RINV/${this.memos.length + 1}`, reference: request.reference, orderId: request.orderId, state: this.postsAtOnce ? 'POSTED' : 'DRAFT',
      paymentState: 'NOT_PAID', total: { amount: total, currencyCode: 'EUR' }, tax: { amount: tax, currencyCode: 'EUR' }, lines: [], postedAt: this.postsAtOnce ? now : null, updatedAt: now,
    };
    this.memos.push(memo);
    return memo;
  }
}

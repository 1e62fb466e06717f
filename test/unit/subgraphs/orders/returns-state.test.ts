import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, compare, decimal, subtract, ZERO } from '../../../../domain/decimal.ts';
import { instant } from '../../../../domain/time.ts';
import { authorisesItself, DEFAULT_POLICY, parseReturnPolicy, policyOf } from '../../../../subgraphs/orders/returns/policy.ts';
import { allows, derivePayment, deriveReturn, type ErpReturnFact, type ReturnAction, type ReturnFacts, type ReturnStatus } from '../../../../subgraphs/orders/returns/return-state.ts';
import { beyond, returnableByLine } from '../../../../subgraphs/orders/returns/returnable.ts';

const property = <Values extends [unknown, ...unknown[]]>(arbitraries: { [K in keyof Values]: fc.Arbitrary<Values[K]> }, name: string, check: (...values: Values) => void): void =>
  it(name, () => fc.assert(fc.property(fc.tuple(...(arbitraries as fc.Arbitrary<unknown>[])), (values) => check(...(values as Values)))));

const erp = (state: ErpReturnFact['state'], quantity = 0): ErpReturnFact => ({ state, received: quantity === 0 ? [] : [{ sku: 'A', quantity: decimal(quantity) }] });
const facts = (more: Partial<ReturnFacts> = {}, received = 0): ReturnFacts => ({
  decision: 'AUTHORISED', closed: false, lines: [{ lineNumber: 1, sku: 'A', quantity: decimal('2'), received: decimal(received) }], answered: null, told: [], ...more,
});
const statusOf = (given: ReturnFacts): ReturnStatus => deriveReturn(given).status;

describe('where a return is', () => {
  it('follows from its facts', () => {
    expect(statusOf(facts({ decision: 'REQUESTED' }))).toBe('REQUESTED');
    expect(statusOf(facts({ decision: 'DECLINED' }))).toBe('DECLINED');
    expect(statusOf(facts())).toBe('AUTHORISED');
    expect(statusOf(facts({ answered: erp('EXPECTED') }))).toBe('EXPECTED');
    expect(statusOf(facts({ told: [erp('EXPECTED')] }))).toBe('EXPECTED');
    expect(statusOf(facts({}, 1))).toBe('PARTLY_RECEIVED');
    expect(statusOf(facts({}, 2))).toBe('RECEIVED');
    expect(statusOf(facts({ told: [erp('RECEIVED', 1), erp('RECEIVED', 1)] }))).toBe('RECEIVED');
    expect(statusOf(facts({ told: [erp('CANCELLED')] }))).toBe('CANCELLED');
    expect(statusOf(facts({ told: [erp('CANCELLED'), erp('EXPECTED')] }))).toBe('EXPECTED');
    expect(statusOf(facts({ closed: true }, 1))).toBe('CLOSED');
  });

  it('counts goods that crossed a cancellation', () => {
    expect(statusOf(facts({ decision: 'CANCELLED', told: [erp('EXPECTED')] }))).toBe('CANCELLED');
    expect(statusOf(facts({ decision: 'CANCELLED', told: [erp('RECEIVED', 2)] }))).toBe('RECEIVED');
  });

  const quantity = fc.integer({ min: 0, max: 5 });
  const anyErp = fc.record({ state: fc.constantFrom('EXPECTED' as const, 'RECEIVED' as const, 'CANCELLED' as const), received: fc.array(fc.record({ sku: fc.constantFrom('A', 'B', 'C'), quantity: quantity.map((n) => decimal(n)) }), { maxLength: 3 }) });
  const anyLines = fc.array(fc.record({ sku: fc.constantFrom('A', 'B'), quantity: fc.integer({ min: 1, max: 5 }), received: quantity }), { minLength: 1, maxLength: 4 })
    .map((lines) => lines.map((line, index) => ({ lineNumber: index + 1, sku: line.sku, quantity: decimal(line.quantity), received: decimal(Math.min(line.received, line.quantity)) })));
  const anyFacts: fc.Arbitrary<ReturnFacts> = fc.record({
    decision: fc.constantFrom('REQUESTED' as const, 'AUTHORISED' as const, 'DECLINED' as const, 'CANCELLED' as const), closed: fc.boolean(), lines: anyLines,
    answered: fc.option(anyErp, { nil: null }), told: fc.array(anyErp, { maxLength: 3 }),
  });

  property([anyFacts, fc.array(fc.nat({ max: 100 }), { minLength: 4, maxLength: 4 })], 'does not depend on the order in which the ERP tells', (given, keys) => {
    const shuffled = given.told.map((fact, index) => ({ fact, key: keys[index]! })).sort((a, b) => a.key - b.key).map(({ fact }) => fact);
    expect(deriveReturn({ ...given, told: shuffled })).toEqual(deriveReturn(given));
    // An answer that only repeats the feed changes no quantity.
    const { received } = deriveReturn({ ...given, answered: null });
    const repeated = deriveReturn({ ...given, answered: { state: 'RECEIVED', received: given.told.flatMap((fact) => fact.received) } });
    expect(repeated.received).toEqual(received);
  });

  property([anyFacts], 'never counts more than was asked back, nor less than was received here', (given) => {
    const { received } = deriveReturn(given);
    for (const line of given.lines) {
      expect(compare(received.get(line.lineNumber)!, line.quantity)).toBeLessThanOrEqual(0);
      expect(compare(received.get(line.lineNumber)!, line.received)).toBeGreaterThanOrEqual(0);
    }
  });

  property([anyFacts, anyErp], 'never loses goods by hearing more', (given, more) => {
    const [before, after] = [deriveReturn(given).received, deriveReturn({ ...given, told: [...given.told, more] }).received];
    for (const [lineNumber, quantityBefore] of before) expect(compare(after.get(lineNumber)!, quantityBefore)).toBeGreaterThanOrEqual(0);
  });

  it('lets people do what fits, and nothing after the end', () => {
    const allowed = (status: ReturnStatus): ReturnAction[] => (['AUTHORISE', 'DECLINE', 'CANCEL', 'RECEIVE', 'REFUND', 'CLOSE'] as const).filter((action) => allows(status, action));
    expect(allowed('REQUESTED')).toEqual(['AUTHORISE', 'DECLINE', 'CANCEL']);
    expect(allowed('EXPECTED')).toEqual(['CANCEL', 'RECEIVE']);
    expect(allowed('PARTLY_RECEIVED')).toEqual(['RECEIVE', 'REFUND', 'CLOSE']);
    expect(allowed('CLOSED')).toEqual(['REFUND']);
    expect([...allowed('DECLINED'), ...allowed('CANCELLED')]).toEqual([]);
  });
});

describe('where its money is', () => {
  it('follows from what came, what was asked for and what the ERP made of it', () => {
    const exact = { total: ZERO, tax: ZERO };
    expect(derivePayment({ open: false, refunds: [] })).toBe('NOT_DUE');
    expect(derivePayment({ open: true, refunds: [] })).toBe('DUE');
    expect(derivePayment({ open: false, refunds: [{ isPosted: false, difference: null }] })).toBe('REFUND_REQUESTED');
    expect(derivePayment({ open: false, refunds: [{ isPosted: true, difference: exact }] })).toBe('REFUNDED');
    expect(derivePayment({ open: true, refunds: [{ isPosted: true, difference: exact }] })).toBe('DUE');
    expect(derivePayment({ open: true, refunds: [{ isPosted: true, difference: { total: ZERO, tax: decimal('0.01') } }] })).toBe('DIFFERENT');
    expect(derivePayment({ open: false, refunds: [{ isPosted: true, difference: null }] })).toBe('REFUNDED');
  });
});

describe('what may still be returned', () => {
  const lines = [{ lineNumber: 1, sku: 'A', shippedQuantity: decimal('3') }, { lineNumber: 2, sku: 'A', shippedQuantity: decimal('2') }];
  it('is what was shipped less what comes back, by whichever way', () => {
    const ours = [
      { status: 'EXPECTED' as const, lines: [{ lineNumber: 1, quantity: decimal('1'), received: ZERO }] },
      { status: 'CLOSED' as const, lines: [{ lineNumber: 1, quantity: decimal('2'), received: decimal('1') }] },
      { status: 'DECLINED' as const, lines: [{ lineNumber: 1, quantity: decimal('3'), received: ZERO }] },
    ];
    expect([...returnableByLine({ lines, ours, erp: [] })]).toEqual([[1, '1'], [2, '2']]);
    const left = returnableByLine({ lines, ours, erp: [{ sku: 'A', quantity: decimal('2.5') }] });
    expect([...left]).toEqual([[1, '0.5'], [2, '0']]);
    expect([...beyond([{ lineNumber: 1, quantity: decimal('1') }, { lineNumber: 2, quantity: decimal('0.1') }], left)]).toEqual([[1, '0.5'], [2, '0']]);
  });

  property([fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }), fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 20 })], 'never lets more come back than went out, however often somebody asks', (shipped, asks) => {
      const sent = shipped.map((quantity, index) => ({ lineNumber: index + 1, sku: `S${index % 2}`, shippedQuantity: decimal(quantity) }));
      const ours: { status: ReturnStatus; lines: { lineNumber: number; quantity: ReturnType<typeof decimal>; received: ReturnType<typeof decimal> }[] }[] = [];
      asks.forEach((ask, index) => {
        const lineNumber = (index % shipped.length) + 1;
        const asked = [{ lineNumber, quantity: decimal(ask) }];
        if (beyond(asked, returnableByLine({ lines: sent, ours, erp: [] })).size === 0) ours.push({ status: 'EXPECTED', lines: asked.map((line) => ({ ...line, received: ZERO })) });
      });
      const total = (lineNumber: number): ReturnType<typeof decimal> => ours.flatMap((one) => one.lines).filter((one) => one.lineNumber === lineNumber).reduce((a, b) => add(a, b.quantity), ZERO);
      for (const { lineNumber, shippedQuantity } of sent) expect(compare(subtract(shippedQuantity, total(lineNumber)), ZERO)).toBeGreaterThanOrEqual(0);
    });
});

describe('the policy of returns', () => {
  const now = instant('2026-05-31T00:00:00Z');
  it('authorises by itself in time and for its reasons alone', () => {
    const { channel } = parseReturnPolicy({ channel: { autoAuthorise: { withinDays: 30, reasons: ['DEFECTIVE'] } } }, 'test');
    const line = (reason: 'DEFECTIVE' | 'OTHER', shippedAt: string | null) => ({ reason, shippedAt: shippedAt === null ? null : instant(shippedAt) });
    expect(authorisesItself(channel, [line('DEFECTIVE', '2026-05-01T00:00:00Z')], now)).toBe(true);
    expect(authorisesItself(channel, [line('DEFECTIVE', '2026-04-30T23:59:59Z')], now)).toBe(false);
    expect(authorisesItself(channel, [line('DEFECTIVE', '2026-05-02T00:00:00Z'), line('OTHER', '2026-05-02T00:00:00Z')], now)).toBe(false);
    expect(authorisesItself(channel, [line('DEFECTIVE', null)], now)).toBe(false);
    expect(authorisesItself(DEFAULT_POLICY.channel, [line('DEFECTIVE', '2026-05-30T00:00:00Z')], now)).toBe(false);
  });

  it('differs by channel and names what cannot be read', () => {
    const policy = parseReturnPolicy({ channels: { pos: { exchange: 'AT_RECEIPT' } } }, 'test');
    expect([policyOf(policy, 'pos').exchange, policyOf(policy, 'web').exchange, policyOf(policy, null).exchange]).toEqual(['AT_RECEIPT', 'AT_AUTHORISATION', 'AT_AUTHORISATION']);
    expect(() => parseReturnPolicy({ channel: { autoAuthorise: { withinDays: 0 }, exchange: 'NEVER' } }, 'returns.json')).toThrow(/returns\.json[\s\S]*channel\.autoAuthorise\.withinDays[\s\S]*channel\.exchange/);
  });
});

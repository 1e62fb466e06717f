import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CatalogClient } from '../../../../domain/clients.ts';
import { decimal, type Decimal } from '../../../../domain/decimal.ts';
import { ANONYMOUS, type Principal, type Scope } from '../../../../domain/principal.ts';
import { instant } from '../../../../domain/time.ts';
import { systemClock } from '../../../../platform/clock.ts';
import { nobody, noPricing } from '../../../support/no-pricing.ts';
import { silentLog } from '../../../../platform/log.ts';
import { createMemoryEventLog } from '../../../../platform/stores/memory-event-log.ts';
import { DEFAULT_POLICY } from '../../../../subgraphs/inventory/promise/policy.ts';
import { crossesThreshold, mergeStock, withStatuses, type StockEvent } from '../../../../subgraphs/inventory/changes/stock-events.ts';
import { subscriptions, type StockArguments } from '../../../../subgraphs/inventory/subscriptions.ts';

const [stockChanged] = subscriptions as [(typeof subscriptions)[number]];
const AT = instant('2026-03-01T10:00:00.000Z');
const holding = (...scopes: Scope[]): Principal => ({ ...ANONYMOUS, subject: 'a', kind: 'SERVICE', scopes });
const change = (sku: string, before: string, after: string, version = '1'): StockEvent =>
  withStatuses({ type: 'stock.changed', sku, locationCodes: ['MAIN'], at: AT, sellableBefore: decimal(before), sellableAfter: decimal(after), version }, DEFAULT_POLICY);

describe('who may follow stock, and by what', () => {
  const code = (args: StockArguments, principal = holding('availability:read')): string => {
    try {
      stockChanged.check(args, principal);
      return 'admitted';
    } catch (error) {
      const { code: failure, field } = error as { code: string; field?: readonly string[] };
      return [failure, ...(field ?? [])].join(' ');
    }
  };

  it('is said by exactly one of three', () => {
    expect(code({ skus: ['A'] })).toBe('admitted');
    expect(code({ category: 'jackets' })).toBe('admitted');
    expect(code({})).toBe('INVALID_INPUT skus');
    expect(code({ skus: null, category: null, channel: null })).toBe('INVALID_INPUT skus');
    expect(code({ skus: ['A'], category: 'jackets' })).toBe('INVALID_INPUT skus category');
    expect(code({ skus: [] })).toBe('INVALID_INPUT skus');
    expect(code({ skus: Array.from({ length: 251 }, (_, n) => `S${n}`) })).toBe('INVALID_INPUT skus');
    expect(code({ skus: ['A'] }, holding('price:read'))).toBe('FORBIDDEN');
  });

  it('is a whole channel only for those who list it, and nobody else\'s', () => {
    expect(code({ channel: 'amazon' })).toBe('FORBIDDEN');
    expect(code({ channel: 'amazon' }, holding('availability:read', 'availability:exact'))).toBe('admitted');
    expect(code({ channel: 'amazon' }, holding('availability:read', 'operations'))).toBe('admitted');
    expect(code({ channel: 'no channel!' }, holding('availability:read', 'operations'))).toBe('INVALID_INPUT channel');
    expect(code({ channel: 'amazon' }, { ...holding('availability:read', 'availability:exact'), channel: 'ebay' })).toBe('FORBIDDEN channel');
  });
});

describe('thresholds', () => {
  it.each([['6', '5', 'IN_STOCK', 'LOW_STOCK'], ['5', '1', 'LOW_STOCK', 'LOW_STOCK'], ['0.5', '0', 'LOW_STOCK', 'OUT_OF_STOCK'], ['0', '6', 'OUT_OF_STOCK', 'IN_STOCK']])(
    'from %s to %s are %s to %s', (before, after, statusBefore, statusAfter) => {
      expect(change('A', before, after)).toMatchObject({ statusBefore, statusAfter });
      expect(crossesThreshold(change('A', before, after))).toBe(statusBefore !== statusAfter);
    });

  it('of an item with a policy of its own are its own', () => {
    const policy = { ...DEFAULT_POLICY, items: new Map([['A', { ...DEFAULT_POLICY, lowStockThreshold: decimal('100') }]]) };
    expect(withStatuses({ ...(change('A', '200', '100') as never as Parameters<typeof withStatuses>[0]) }, policy)).toMatchObject({ statusBefore: 'IN_STOCK', statusAfter: 'LOW_STOCK' });
  });

  it('are crossed by changes told as one when, and only when, they end in another status than they began in', () => {
    const figures = fc.array(fc.integer({ min: 0, max: 12 }).map(String), { minLength: 2, maxLength: 8 });
    fc.assert(fc.property(figures, (chain) => {
      const events = chain.slice(1).map((after, index) => change('A', chain[index]!, after, String(index)));
      const merged = events.reduce(mergeStock);
      expect(merged).toEqual({ ...change('A', chain[0]!, chain.at(-1)!, String(events.length - 1)) });
      // Asking only for crossings, one may forget the rest before they are told as one.
      const crossings = events.filter((event) => stockChanged.matches(event, { crossingsOnly: true }, holding()));
      const told = crossings.length > 0 && stockChanged.matches(crossings.reduce(mergeStock), { crossingsOnly: true }, holding());
      expect(told).toBe(crossesThreshold(merged));
    }));
  });

  it('are unknown in a snapshot, also once a change has come on top of it', () => {
    const { snapshot } = stockChanged.coalescing!;
    const merged = mergeStock(snapshot('A', AT), change('A', '6', '5', '7'));
    expect(merged).toEqual({ type: 'stock.snapshot', sku: 'A', at: AT, locationCodes: ['MAIN'], version: '7' });
    expect(stockChanged.matches(merged, { crossingsOnly: true }, holding())).toBe(true);
    expect(mergeStock(change('A', '6', '5'), snapshot('A', AT))).toEqual(snapshot('A', AT));
  });
});

describe('a category', () => {
  const sku = (n: number): string => `S${String(n).padStart(6, '0')}`;
  function bench(members: string[] | null) {
    const state = { members, fails: false };
    const catalog: CatalogClient = {
      readCategorySkus: async ({ afterSku, limit }) => {
        if (state.fails) throw new Error('away');
        return state.members?.filter((member) => afterSku === null || member > afterSku).slice(0, limit) ?? null;
      },
    };
    const eventLog = createMemoryEventLog({ clock: systemClock, capacity: 100 });
    const entered: string[] = [];
    const open = () => stockChanged.follow!({ category: 'jackets' }, { catalog, pricing: noPricing, scope: nobody, eventLog, log: silentLog, onEntered: (keys) => entered.push(...keys) });
    return { state, open, entered, productChanged: () => eventLog.append('product', [{ type: 'product.changed', productCode: 'p' }]) };
  }
  const figure = '1' as Decimal;

  it('is followed as products come and go, and what comes in is told', async () => {
    const { state, open, entered, productChanged } = bench(['A', 'B']);
    const [followed, other] = [await open(), await open()];
    expect([followed.includes(change('A', figure, figure)), followed.includes(change('C', figure, figure)), followed.keys()]).toEqual([true, false, ['A', 'B']]);
    state.members = ['B', 'C'];
    await productChanged();
    await expect.poll(() => followed.keys()).toEqual(['B', 'C']);
    expect(entered).toEqual(['C', 'C']);
    other.close();
    followed.close();
  });

  it('is read page by page, told one by one up to a limit, and refused beyond another', async () => {
    const many = bench(Array.from({ length: 12_000 }, (_, n) => sku(n)));
    const followed = await many.open();
    expect(followed.includes(change(sku(11_999), figure, figure))).toBe(true);
    expect(followed.keys()).toBeNull();
    followed.close();
    await expect(bench(Array.from({ length: 50_001 }, (_, n) => sku(n))).open()).rejects.toMatchObject({ code: 'INVALID_INPUT', field: ['category'] });
    await expect(bench(null).open()).rejects.toMatchObject({ code: 'INVALID_INPUT', field: ['category'] });
  });

  it('stays as it was while the catalogue is away', async () => {
    const { state, open, productChanged } = bench(['A']);
    const followed = await open();
    state.fails = true;
    await productChanged();
    await new Promise((done) => setTimeout(done, 700));
    expect(followed.keys()).toEqual(['A']);
    followed.close();
  });
});

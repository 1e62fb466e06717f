import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAudit, findBrokenAudit } from '../../../../platform/audit.ts';
import type { Principal } from '../../../../domain/principal.ts';
import { instant } from '../../../../domain/time.ts';
import { fixed, listOf, listPriceOf, ruleOf } from './price-samples.ts';
import { openMerchantGraph, type MerchantGraph } from './promotion-graph-fixture.ts';

let graph: MerchantGraph;

beforeAll(async () => {
  graph = await openMerchantGraph({
    prices: [listPriceOf('CHEAP', '4'), listPriceOf('DEAR', '100'), listPriceOf('OTHER', '50')], lists: [listOf('WEB'), listOf('VIP')],
    rules: [ruleOf('VIP', fixed('10'), { target: { kind: 'SKU', sku: 'OTHER' } })],
  }, '2026-12-01T12:00:00.000Z', { PRICE_GUARD: 'default=20,erp:VIP=10' });
}, 60_000);
afterAll(() => graph?.close());

const PUT = `mutation ($input: PutPromotionInput!) { putPromotion(input: $input) { promotion { code revision active validUntil changedBy } userErrors { code field message retryable } } }`;
const END = `mutation ($input: EndPromotionInput!) { endPromotion(input: $input) { promotion { code revision active validUntil } userErrors { code field } } }`;

interface Payload {
  readonly promotion: { readonly code: string; readonly revision: number; readonly active: boolean; readonly validUntil: string | null } | null;
  readonly userErrors: readonly { readonly code: string; readonly field: readonly string[]; readonly message: string }[];
}

let keys = 0;
const put = async (promotion: object, more: object = {}, as: object = {}): Promise<Payload> =>
  (await graph.ask<{ putPromotion: Payload }>(PUT, { input: { idempotencyKey: `key-${(keys += 1)}`, promotion: { code: 'P', name: 'Ten percent', effect: TENTH, ...promotion }, ...more } }, as)).putPromotion;
const end = async (input: object): Promise<Payload> => (await graph.ask<{ endPromotion: Payload }>(END, { input: { idempotencyKey: `key-${(keys += 1)}`, ...input } })).endPromotion;
const faults = ({ promotion, userErrors }: Payload): unknown[] => {
  expect(promotion).toBeNull();
  return userErrors.map(({ code, field }) => `${code} ${field.join('.')}`);
};

const TENTH = { percentOff: { percent: '10', place: 'UNIT' } };
const usd = (amount: string) => ({ amount, currencyCode: 'USD' });
const APPROVER = { subject: 'boss', scopes: ['price:read', 'price:write', 'price:approve'] };

describe('putPromotion', () => {
  it('makes a promotion, shows it, and replaces it', async () => {
    expect(await put({ code: 'SPRING' })).toMatchObject({ promotion: { code: 'SPRING', revision: 1, active: true }, userErrors: [] });
    const effects = [{ percentOff: { percent: '5.5', of: 'LIST', place: 'BASKET' } }, { amountOff: { amount: usd('0.1'), place: 'UNIT' } }, { fixedPrice: usd('99') }, { buyXGetY: { buy: '9', get: '1', timesAtMost: 2 } }];
    const targets = [{ sku: 'DEAR' }];
    for (const [index, effect] of effects.entries()) expect(await put({ code: 'SPRING', effect, targets, exclusionGroup: 'g', stacking: 'EXCLUSIVE', channels: ['web'], minBasket: usd('10') })).toMatchObject({ promotion: { revision: index + 2 }, userErrors: [] });
    const shown = await graph.ask(`{ promotion(code: "SPRING") { code name priority stacking exclusionGroup channels priceListCodes minBasket { amount currencyCode } targets { kind code } revision changedAt changedBy
      effect { __typename ... on BuyXGetYEffect { buy get percentOff timesAtMost } ... on PercentOffEffect { percent } } } }`);
    expect(shown).toEqual({ promotion: {
      code: 'SPRING', name: 'Ten percent', priority: 0, stacking: 'EXCLUSIVE', exclusionGroup: 'g', channels: ['web'], priceListCodes: [], minBasket: usd('10'), targets: [{ kind: 'SKU', code: 'DEAR' }],
      revision: 5, changedAt: '2026-12-01T12:00:00.000Z', changedBy: 'merchant', effect: { __typename: 'BuyXGetYEffect', buy: '9', get: '1', percentOff: '100', timesAtMost: 2 },
    } });
  });

  it('names every field at fault', async () => {
    expect(faults(await put({ code: '', name: ' ', validFrom: '2026-12-02T00:00:00Z', validUntil: '2026-12-02T00:00:00Z', minQuantity: '5', maxQuantity: '4', priority: 2_000_000 }))).toEqual([
      'INVALID_INPUT promotion.code', 'INVALID_INPUT promotion.name', 'INVALID_INPUT promotion.priority', 'INVALID_INPUT promotion.maxQuantity', 'INVALID_INPUT promotion.validUntil',
    ]);
    const at = async (effect: object, more: object = {}): Promise<unknown> => faults(await put({ effect, ...more }, {}, APPROVER)).map((fault) => (fault as string).replace('INVALID_INPUT promotion.', ''));
    expect(await at({})).toEqual(['effect']);
    expect(await at({ ...TENTH, fixedPrice: usd('1') })).toEqual(['effect']);
    for (const percent of ['0', '-1', '100.01']) expect(await at({ percentOff: { percent, place: 'LINE' } })).toEqual(['effect.percentOff.percent']);
    expect(await at({ percentOff: { percent: '100', place: 'UNIT' } })).toEqual(['effect.percentOff.percent']);
    expect(await at({ amountOff: { amount: { amount: '0', currencyCode: 'EURO' }, place: 'LINE' } })).toEqual(['effect.amountOff.amount.amount', 'effect.amountOff.amount.currencyCode', 'effect.amountOff.place']);
    expect(await at({ amountOff: { amount: usd('1.005'), place: 'BASKET' } })).toEqual(['effect.amountOff.amount.amount']);
    expect(await at({ fixedPrice: usd('-1') })).toEqual(['effect.fixedPrice.amount']);
    expect(await at({ buyXGetY: { buy: '0', get: '1.5', percentOff: '0', timesAtMost: 0 } })).toEqual(['buy', 'get', 'percentOff', 'timesAtMost'].map((field) => `effect.buyXGetY.${field}`));
    expect(await at(TENTH, { targets: [{ sku: 'A' }, {}, { sku: 'A', groupCode: 'G' }, { categoryCode: '' }], channels: [''], minQuantity: '0', exclusionGroup: 'two words' })).toEqual(['exclusionGroup', 'targets.1', 'targets.2', 'targets.3', 'channels.0', 'minQuantity']);
    expect(await at({ fixedPrice: usd('1') }, { minBasket: { amount: '1', currencyCode: 'EUR' } })).toEqual(['minBasket.currencyCode']);
    expect(await graph.ask(`{ promotion(code: "P") { code } }`)).toEqual({ promotion: null });
  });

  it('is carried out once a key, and refuses the key of another request', async () => {
    const input = { idempotencyKey: 'once', promotion: { code: 'ONCE', name: 'Once', effect: TENTH } };
    const answers = await Promise.all(Array.from({ length: 5 }, () => graph.ask<{ putPromotion: Payload }>(PUT, { input })));
    expect(answers.map(({ putPromotion }) => putPromotion.promotion!.revision)).toEqual([1, 1, 1, 1, 1]);
    const other = await graph.ask<{ putPromotion: Payload }>(PUT, { input: { ...input, promotion: { ...input.promotion, name: 'Twice' } } });
    expect(faults(other.putPromotion)).toEqual(['CONFLICT idempotencyKey']);
    expect(await graph.ask<{ putPromotion: Payload }>(PUT, { input }, { subject: 'another' })).toMatchObject({ putPromotion: { promotion: { revision: 2 } } });
    expect(faults(await put({}, { idempotencyKey: ' ' }))).toEqual(['INVALID_INPUT idempotencyKey']);
  });

  it('changes only what the caller has read, where they say so', async () => {
    expect(faults(await put({ code: 'REV' }, { ifRevision: 1 }))).toEqual(['CONFLICT ifRevision']);
    expect((await put({ code: 'REV' }, { ifRevision: 0 })).promotion!.revision).toBe(1);
    expect(faults(await put({ code: 'REV' }, { ifRevision: 0 }))).toEqual(['CONFLICT ifRevision']);
    const both = await Promise.all([put({ code: 'REV', priority: 1 }, { ifRevision: 1 }), put({ code: 'REV', priority: 2 }, { ifRevision: 1 })]);
    expect(both.map(({ promotion }) => promotion?.revision ?? null).sort()).toEqual([2, null]);
  });

  it('needs price:approve for what the price guard would park', async () => {
    const refusedAt = async (effect: object, more: object = {}): Promise<boolean> => {
      const answer = await put({ code: 'DEEP', effect, ...more });
      if (answer.promotion === null) expect(answer.userErrors).toMatchObject([{ code: 'FORBIDDEN', field: ['promotion', 'effect'], message: expect.stringContaining('price:approve') }]);
      return answer.promotion === null;
    };
    const percent = (value: string, place = 'UNIT') => ({ percentOff: { percent: value, place } });
    expect([await refusedAt(percent('20')), await refusedAt(percent('20.01')), await refusedAt(percent('90', 'BASKET'))]).toEqual([false, true, true]);
    const amountOff = (amount: string, place = 'UNIT') => ({ amountOff: { amount: usd(amount), place } });
    expect([await refusedAt(amountOff('20'), { targets: [{ sku: 'DEAR' }] }), await refusedAt(amountOff('20')), await refusedAt(amountOff('0.8'))]).toEqual([false, true, false]);
    expect([await refusedAt({ fixedPrice: usd('80') }, { targets: [{ sku: 'DEAR' }] }), await refusedAt({ fixedPrice: usd('79.99') }), await refusedAt({ fixedPrice: usd('3.2') }, { targets: [{ groupCode: 'group-CHEAP' }] })]).toEqual([false, true, false]);
    expect([await refusedAt(amountOff('20', 'BASKET')), await refusedAt(amountOff('20', 'BASKET'), { minBasket: usd('100') }), await refusedAt(amountOff('20', 'BASKET'), { minBasket: usd('99') })]).toEqual([true, false, true]);
    const pieces = (buy: string, get: string, percentOff = '100') => ({ buyXGetY: { buy, get, percentOff } });
    expect([await refusedAt(pieces('4', '1')), await refusedAt(pieces('3', '1')), await refusedAt(pieces('1', '1', '40'))]).toEqual([false, true, false]);
    expect([await refusedAt(percent('10'), { priceListCodes: ['WEB', 'VIP'] }), await refusedAt(percent('10.1'), { priceListCodes: ['WEB', 'VIP'] })]).toEqual([false, true]);
    expect([await refusedAt(amountOff('1'), { targets: [{ sku: 'OTHER' }], priceListCodes: ['VIP'] }), await refusedAt(amountOff('1.01'), { targets: [{ sku: 'OTHER' }], priceListCodes: ['VIP'] })]).toEqual([false, true]);
    // Nobody knows what that costs.
    expect([await refusedAt(amountOff('0.01'), { targets: [{ sku: 'UNKNOWN' }] }), await refusedAt({ fixedPrice: { amount: '99', currencyCode: 'EUR' } })]).toEqual([true, true]);
    expect((await put({ code: 'DEEP', effect: percent('90') }, {}, APPROVER)).userErrors).toEqual([]);
  });

  it('needs price:write; reading is for operations as well, and for no buyer', async () => {
    const buyer: Partial<Principal> = { scopes: ['price:read'] };
    await expect(put({}, {}, buyer)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(graph.ask('{ promotions { nodes { code } } }', {}, buyer)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(put({}, {}, { scopes: ['operations'] })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await graph.ask('{ promotion(code: "ONCE") { code } }', {}, { scopes: ['operations'] })).toEqual({ promotion: { code: 'ONCE' } });
  });

  it('tells which prices may have changed, and is audited with what was before', async () => {
    await graph.takeEvents();
    await put({ code: 'TOLD', targets: [{ sku: 'CHEAP' }, { sku: 'DEAR' }], priceListCodes: ['WEB'] });
    expect(await graph.takeEvents()).toEqual([{ sku: 'CHEAP', priceListCode: 'WEB' }, { sku: 'DEAR', priceListCode: 'WEB' }]);
    await put({ code: 'TOLD', targets: [{ categoryCode: 'c' }] });
    expect(await graph.takeEvents()).toEqual([{ sku: 'CHEAP', priceListCode: 'WEB' }, { sku: 'DEAR', priceListCode: 'WEB' }, { sku: null, priceListCode: null }]);
    await put({ code: 'TOLD', name: '' });
    expect(await graph.takeEvents()).toEqual([]);
    const audit = await readAudit(graph.test.database, 'pricing', 'TOLD');
    expect(audit.map(({ actor, action, detail }) => [actor, action, (detail['before'] as { revision: number } | null)?.revision ?? null, (detail['after'] as { revision: number }).revision])).toEqual([
      ['merchant', 'promotion.put', null, 1], ['merchant', 'promotion.put', 1, 2],
    ]);
    expect(await findBrokenAudit(graph.test.database, 'pricing')).toBeNull();
  });
});

describe('endPromotion', () => {
  it('ends it now or later, and never before now', async () => {
    await put({ code: 'END', validFrom: '2026-11-01T00:00:00Z' });
    expect(faults(await end({ code: 'END', at: '2026-12-01T11:59:59.999Z' }))).toEqual(['INVALID_INPUT at']);
    expect(faults(await end({ code: 'NONE' }))).toEqual(['NOT_FOUND code']);
    expect(await end({ code: 'END', at: '2026-12-24T00:00:00Z' })).toMatchObject({ promotion: { validUntil: '2026-12-24T00:00:00.000Z', active: true, revision: 2 } });
    expect(await end({ code: 'END' })).toMatchObject({ promotion: { validUntil: '2026-12-01T12:00:00.000Z', revision: 3 } });
    expect(faults(await end({ code: 'END' }))).toEqual(['INVALID_INPUT at']);
  });

  it('switches one off that has not begun by then', async () => {
    await put({ code: 'LATER', validFrom: '2026-12-24T00:00:00Z', validUntil: '2026-12-27T00:00:00Z' });
    expect(await end({ code: 'LATER' })).toMatchObject({ promotion: { active: false, validUntil: '2026-12-27T00:00:00.000Z' } });
  });

  it('leaves prices of before as they were', async () => {
    const { test, clock, ask } = graph;
    await test.database.run("update pricing.promotion set active = false");
    await test.database.run('update pricing.promotion_book set revision = revision + 1');
    await put({ code: 'HISTORY', effect: { percentOff: { percent: '20', place: 'UNIT' } } });
    clock.advance(3_600_000);
    await put({ code: 'HISTORY', effect: TENTH });
    clock.advance(3_600_000);
    await end({ code: 'HISTORY' });
    const priceAt = async (at: string): Promise<string> => {
      const { priceQuote } = await ask<{ priceQuote: { lines: { unitPrice: { amount: string } }[] } }>('query ($at: DateTime) { priceQuote(input: { lines: [{ sku: "DEAR", quantity: "1" }], context: { at: $at } }) { lines { unitPrice { amount } } } }', { at });
      return priceQuote.lines[0]!.unitPrice.amount;
    };
    expect(await Promise.all(['2026-12-01T12:59:59.999Z', '2026-12-01T13:00:00Z', '2026-12-01T13:59:59.999Z', '2026-12-01T14:00:00Z'].map((at) => priceAt(instant(at))))).toEqual(['80', '90', '90', '100']);
  });
});

describe('promotions', () => {
  it('come page by page, by where they stand and by channel', async () => {
    for (const [code, more] of Object.entries({ q1: { validUntil: '2026-11-01T00:00:00Z' }, q2: { validFrom: '2027-01-01T00:00:00Z' }, q3: { channels: ['edi'] }, q4: { active: false, channels: ['edi'] } })) await put({ code, ...more });
    const codes = async (args: string): Promise<string[]> => (await graph.ask<{ promotions: { nodes: { code: string }[] } }>(`{ promotions${args} { nodes { code } } }`)).promotions.nodes.map(({ code }) => code).filter((code) => code.startsWith('q'));
    expect(await codes('')).toEqual(['q1', 'q2', 'q3', 'q4']);
    expect(await codes('(filter: { state: ENDED })')).toEqual(['q1']);
    expect(await codes('(filter: { state: UPCOMING })')).toEqual(['q2']);
    expect(await codes('(filter: { state: RUNNING, channel: "web" })')).toEqual([]);
    expect(await codes('(filter: { state: RUNNING, channel: "edi" })')).toEqual(['q3']);
    expect(await codes('(filter: { state: OFF })')).toContain('q4');
    const all: string[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const page: { promotions: { nodes: { code: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } } = await graph.ask('query ($after: String) { promotions(first: 3, after: $after) { nodes { code } pageInfo { hasNextPage endCursor } } }', { after });
      all.push(...page.promotions.nodes.map(({ code }) => code));
      [after, more] = [page.promotions.pageInfo.endCursor, page.promotions.pageInfo.hasNextPage];
    }
    expect(all).toEqual([...new Set(all)].sort());
    await expect(graph.ask('{ promotions(first: 0) { nodes { code } } }')).rejects.toMatchObject({ code: 'INVALID_INPUT', field: ['first'] });
    await expect(graph.ask('{ promotions(after: "x") { nodes { code } } }')).rejects.toMatchObject({ code: 'INVALID_INPUT', field: ['after'] });
  });
});

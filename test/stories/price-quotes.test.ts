import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostings } from '../support/deployment.ts';
import { HOME, openShop, placeAccepted, readOdoo, readOrder, sellArticles, usd, type Caller, type Shop } from '../support/order-operations.ts';
import { eventually } from '../support/storefront-operations.ts';

const QUOTE = `query Quote($input: PriceQuoteInput!) { priceQuote(input: $input) {
  token expiresAt currencyCode subtotal { amount } discount { amount } total { amount currencyCode }
  lines { index sku variant { sku product { name } } unitPrice { amount } listPrice { amount } lineTotal { amount } discount { amount } net { amount } promotions { code name amount { amount } } priceListCode breakQuantity reason } } }`;
const CHECK = `query ($input: PriceCheckInput!) { checkPrices(input: $input) { __typename ... on PricesChanged { changes { line sku } newQuote { token } } ... on QuoteRefused { reason } ... on QuoteExpired { newQuote { token } } } }`;
const CHANGES = 'priceChanges { line sku quoted { unitPrice { amount } net { amount } } current { unitPrice { amount } net { amount } } }';
/** Long enough for a price to change in between, short enough to be waited for. */
const TTL_MS = 30_000;

describe.each(hostings().map((hosting) => ({ hosting })))('quoted prices on $hosting hosting', ({ hosting }) => {
  let shop: Shop;
  /** Has a contract: a twentieth off wholesale. */
  let nordwind: Caller;
  /** Buys wholesale. */
  let trader: Caller;
  let guest: Caller;
  let early: { token: string; expiresAt: string };

  beforeAll(async () => {
    shop = await openShop(hosting, { env: { PRICE_QUOTE_TTL_MS: String(TTL_MS), CHECK_DEADLINE_MS: '9000' } });
    nordwind = await shop.person({ sub: 'nordwind', customer_number: 'C1001', company_number: 'C1001' });
    trader = await shop.person({ sub: 'trader', customer_number: 'C1003', company_number: 'C1003' });
    guest = await shop.person({ sub: 'guest' });
    await sellArticles(shop, [{ sku: 'PQ-LAMP', price: '100.00', stock: '500' }, { sku: 'PQ-MUG', price: '10.00', stock: '500' }, { sku: 'PQ-ROPE', price: '7.77', stock: '500' }]);
    early = await quote(nordwind, [{ sku: 'PQ-ROPE', quantity: '1' }]);
  }, 180_000);
  afterAll(() => shop.close(), 60_000);

  const quote = async (caller: Caller, lines: readonly object[], context: object = {}): Promise<any> => (await caller.read(QUOTE, { input: { lines, context } })).priceQuote;
  const order = (caller: Caller, input: object): Promise<any> =>
    caller.mutate('placeOrder', { contact: { name: 'Ada Example', email: 'ada@example.com' }, shipTo: HOME, ...input }, `order { id number } ${CHANGES}`);
  const LINES = 'total { amount } erpTotals { difference { amount } } lines { sku quantity unitPrice { amount } lineTotal { amount } discount { amount } promotions { code amount { amount } } }';

  it('are each buyer\'s own, and what the order and the ERP\'s document come to', async () => {
    const lines = [{ sku: 'PQ-LAMP', quantity: '2' }, { sku: 'PQ-MUG', quantity: '3' }];
    const totals = await Promise.all([nordwind, trader, guest].map(async (caller) => (await quote(caller, lines)).total.amount));
    expect(totals).toEqual(['174.8', '184', '230']);
    const { token, total } = await quote(nordwind, lines);
    const placed = await placeAccepted(shop, nordwind, { quoteToken: token, lines, expectedTotals: { total } });
    expect(await readOrder(nordwind, placed.id, LINES)).toMatchObject({ total: { amount: '174.8' }, lines: [{ unitPrice: { amount: '76' } }, { unitPrice: { amount: '7.6' } }] });
    expect(await readOdoo(shop.house.sandbox, 'sale.order', [['client_order_ref', '=', placed.number]], ['amount_untaxed'])).toMatchObject([{ amount_untaxed: 174.8 }]);
  });

  it('count all lines of a SKU towards its quantity breaks, in the quote as in the order', async () => {
    const day = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);
    const [now, later] = [{ sku: 'PQ-MUG', quantity: '6' }, { sku: 'PQ-MUG', quantity: '4' }];
    const quoted = await quote(trader, [now, later]);
    expect(quoted.lines.map(({ unitPrice, breakQuantity }: any) => [unitPrice.amount, breakQuantity])).toEqual([['7.5', '10'], ['7.5', '10']]);
    const placed = await placeAccepted(shop, trader, { quoteToken: quoted.token, lines: [now, { ...later, requestedDate: day }] });
    expect(await readOrder(trader, placed.id, LINES)).toMatchObject({ total: { amount: '75' }, lines: [{ unitPrice: { amount: '7.5' } }, { unitPrice: { amount: '7.5' } }] });
  });

  it('are held to: a price that changed in between is refused with both, and the new quote is ordered by', async () => {
    const lines = [{ sku: 'PQ-MUG', quantity: '1' }, { sku: 'PQ-LAMP', quantity: '2' }];
    const first = await quote(nordwind, lines);
    await shop.house.sandbox.command('set-price', { sku: 'PQ-LAMP', price: '110.00' });
    await eventually(async () => expect(await nordwind.read(CHECK, { input: { token: first.token } })).toMatchObject({ checkPrices: { __typename: 'PricesChanged', changes: [{ line: 1, sku: 'PQ-LAMP' }] } }), 20_000);
    const refused = await order(nordwind, { quoteToken: first.token, lines });
    expect(refused).toMatchObject({
      order: null, userErrors: [{ code: 'PRICE_CHANGED', field: ['lines', '1'], retryable: false }],
      priceChanges: [{ line: 1, sku: 'PQ-LAMP', quoted: { unitPrice: { amount: '76' }, net: { amount: '152' } }, current: { unitPrice: { amount: '83.6' }, net: { amount: '167.2' } } }],
    });
    expect(refused.userErrors[0].message).toContain('83.6 USD, 167.2 USD for the line, now, not 76 USD, 152 USD for the line');
    const { token } = await quote(nordwind, lines);
    const key = randomUUID();
    const [placed, again] = [await order(nordwind, { idempotencyKey: key, quoteToken: token, lines }), await order(nordwind, { idempotencyKey: key, quoteToken: token, lines })];
    expect([placed.userErrors, again.order.id]).toEqual([[], placed.order.id]);
  });

  it('show three for two in quote, order and the ERP\'s document', async () => {
    const { userErrors } = await shop.service.mutate('putPromotion', { promotion: { code: 'ROPE-3-2', name: 'Three for two', effect: { buyXGetY: { buy: '2', get: '1' } }, targets: [{ sku: 'PQ-ROPE' }] } });
    expect(userErrors).toEqual([]);
    const lines = [{ sku: 'PQ-ROPE', quantity: '3' }, { sku: 'PQ-MUG', quantity: '1' }];
    const quoted = await quote(guest, lines);
    expect(quoted).toMatchObject({
      subtotal: { amount: '33.31' }, discount: { amount: '7.77' }, total: { amount: '25.54' },
      lines: [{ lineTotal: { amount: '23.31' }, discount: { amount: '7.77' }, net: { amount: '15.54' }, promotions: [{ code: 'ROPE-3-2', name: 'Three for two', amount: { amount: '7.77' } }] }, { discount: { amount: '0' }, promotions: [] }],
    });
    const placed = await placeAccepted(shop, guest, { quoteToken: quoted.token, lines, expectedTotals: { subtotal: usd('33.31'), discount: usd('7.77'), total: usd('25.54') } });
    expect(await readOrder(guest, placed.id, LINES)).toMatchObject({ total: { amount: '25.54' }, lines: [{ discount: { amount: '7.77' }, promotions: [{ code: 'ROPE-3-2', amount: { amount: '7.77' } }] }, { promotions: [] }] });
    expect(await readOdoo(shop.house.sandbox, 'sale.order', [['client_order_ref', '=', placed.number]], ['amount_untaxed'])).toMatchObject([{ amount_untaxed: 25.54 }]);
  });

  it('are worth nothing to anybody else, for another basket, or touched', async () => {
    const lines = [{ sku: 'PQ-MUG', quantity: '2' }];
    const { token } = await quote(nordwind, lines);
    const refusalOf = async (caller: Caller, input: object) => (await order(caller, { lines, quoteToken: token, ...input })).userErrors.map(({ code, message }: any) => `${code}: ${message}`).join();
    expect(await refusalOf(trader, {})).toMatch(/^QUOTE_REFUSED: .*another buyer/);
    expect(await refusalOf(guest, {})).toMatch(/^QUOTE_REFUSED: .*another buyer/);
    expect(await refusalOf(nordwind, { lines: [{ sku: 'PQ-MUG', quantity: '3' }] })).toMatch(/^QUOTE_REFUSED: .*lines\.0 \(3 PQ-MUG\)/);
    expect(await refusalOf(nordwind, { quoteToken: `${token.slice(0, -6)}AAAAAA` })).toMatch(/^QUOTE_REFUSED: .*changed on its way/);
    expect((await trader.read(CHECK, { input: { token } })).checkPrices).toEqual({ __typename: 'QuoteRefused', reason: 'NOT_YOURS' });
    expect((await order(nordwind, { lines, quoteToken: token })).userErrors).toEqual([]);
  });

  it('reach nobody else through any cache: a thousand requests of two contracts and a guest, interleaved', async () => {
    const listing = '{ products(first: 6, sort: NAME_ASC) { nodes { priceRange { min { amount } max { amount } } variants { sku price(quantity: "10") { unitPrice { amount } } priceBreaks { minQuantity unitPrice { amount } } } } } }';
    const basket = QUOTE.replace('token expiresAt', '');
    const variables = { input: { lines: [{ sku: 'PQ-LAMP', quantity: '6' }, { sku: 'PQ-MUG', quantity: '1' }, { sku: 'PQ-LAMP', quantity: '4' }] } };
    const sha = (query: string) => createHash('sha256').update(query).digest('hex');
    const urlOf = (query: string, more: object, full = false): string => `${shop.house.url}/graphql?${new URLSearchParams({
      ...(full && { query }), variables: JSON.stringify(more), extensions: JSON.stringify({ persistedQuery: { version: 1, sha256Hash: sha(query) } }),
    }).toString()}`;
    const ways: readonly ((caller: Caller) => Promise<Response>)[] = [
      (caller) => fetch(urlOf(listing, {}), { headers: { ...caller.headers, 'apollo-require-preflight': '1' } }),
      (caller) => fetch(urlOf(basket, variables), { headers: { ...caller.headers, 'apollo-require-preflight': '1' } }),
      (caller) => fetch(`${shop.house.url}/graphql`, { method: 'POST', headers: { ...caller.headers, 'content-type': 'application/json' }, body: JSON.stringify({ query: basket, variables }) }),
    ];
    for (const [query, more] of [[listing, {}], [basket, variables]] as const) {
      expect((await fetch(urlOf(query, more, true), { headers: { ...guest.headers, 'apollo-require-preflight': '1' } })).status).toBe(200);
    }
    const callers = [nordwind, trader, guest];
    const own = await Promise.all(ways.map((way) => Promise.all(callers.map(async (caller) => (await way(caller)).text()))));
    for (const texts of own) {
      expect(texts.filter((text) => text.includes('"errors"'))).toEqual([]);
      expect(new Set(texts).size).toBe(callers.length);
    }
    const answers: { way: number; who: number; text: string; kept: string | null }[] = [];
    let next = 0;
    await Promise.all(Array.from({ length: 24 }, async () => {
      while (next < 1_000) {
        const index = next++;
        const [way, who] = [(index * 5) % ways.length, Math.floor(index / 2) % callers.length];
        const response = await ways[way]!(callers[who]!);
        answers.push({ way, who, text: await response.text(), kept: response.headers.get('cache-control') });
      }
    }));
    expect(answers).toHaveLength(1_000);
    expect(answers.filter(({ way, who, text }) => text !== own[way]![who])).toEqual([]);
    // A GET of one's own is asked for again each time; nothing may be shared.
    expect([...new Set(answers.map(({ kept }) => kept))].sort()).toEqual(['no-store', 'private, no-cache']);
  }, 120_000);

  it('of five hundred lines are one answer, and a token that goes back as it came', async () => {
    const skus = ['PQ-LAMP', 'PQ-MUG', 'PQ-ROPE'];
    const quoted = await quote(trader, Array.from({ length: 500 }, (_, index) => ({ sku: skus[index % 3], quantity: String(1 + (index % 7)) })));
    expect([quoted.lines.length, quoted.lines.at(-1).index]).toEqual([500, 499]);
    expect(quoted.token.length).toBeLessThan(8_000);
    expect((await trader.read(CHECK, { input: { token: quoted.token } })).checkPrices.__typename).toBe('PricesConfirmed');
  });

  it('end: an order by an old quote is refused, and checkPrices gives a new one', async () => {
    await new Promise((done) => setTimeout(done, Math.max(0, Date.parse(early.expiresAt) - Date.now()) + 500));
    const lines = [{ sku: 'PQ-ROPE', quantity: '1' }];
    expect((await order(nordwind, { quoteToken: early.token, lines })).userErrors).toMatchObject([{ code: 'QUOTE_EXPIRED', field: ['quoteToken'] }]);
    const { checkPrices } = await nordwind.read(CHECK, { input: { token: early.token } });
    expect(checkPrices.__typename).toBe('QuoteExpired');
    expect((await order(nordwind, { quoteToken: checkPrices.newQuote.token, lines })).userErrors).toEqual([]);
  }, 60_000);
});

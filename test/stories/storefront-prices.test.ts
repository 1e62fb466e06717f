import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, openBrowser, type TestBrowser } from '../support/browser.ts';
import { startDeployment, type Deployment } from '../support/deployment.ts';
import { createGraph } from '../support/graph-client.ts';
import { eventually } from '../support/storefront-operations.ts';

const chromium = findChromium();
const PATIENCE_MS = 20_000;
/** Long enough for every step of this story, short enough to be waited for. */
const TTL_MS = 40_000;
const TENT = 'TNT-ALD';
const LANTERN = 'LNT-ALD';

describe.skipIf(chromium === null)('prices in the demo storefront', { timeout: 120_000 }, () => {
  let house: Deployment;
  let browser: TestBrowser;
  let old: { readonly token: string; readonly expiresAt: string };

  beforeAll(async () => {
    house = await startDeployment({ hosting: 'embedded', env: { PRICE_QUOTE_TTL_MS: String(TTL_MS), MAP_CHANNELS: 'app=HIDE' } });
    browser = await openBrowser(chromium!);
    browser.page.setDefaultTimeout(PATIENCE_MS);
    for (const sku of [TENT, LANTERN]) await house.sandbox.command('set-stock', { sku, quantity: '500', location: 'MAIN' });
    old = (await ask('query ($sku: ID!) { priceQuote(input: { lines: [{ sku: $sku, quantity: "1" }] }) { token expiresAt } }', { sku: TENT })).priceQuote;
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await house?.stop();
  });

  const text = (selector: string): Promise<string> => browser.page.locator(selector).first().innerText();
  const see = async (what: string | RegExp): Promise<void> => void (await browser.page.getByText(what).first().waitFor());
  const press = (name: string | RegExp): Promise<void> => browser.page.getByRole('button', { name }).click();
  // Read as the story knows it; it asserts on what is there.
  const ask = async (query: string, variables: object): Promise<any> => {
    const { data, errors } = await createGraph(house.url)<any>(query, variables);
    if (errors.length > 0) throw new Error(JSON.stringify(errors));
    return data;
  };
  const carryOut = async (name: string, type: string, input: object): Promise<void> => {
    const data = await ask(`mutation ($input: ${type}!) { ${name}(input: $input) { userErrors { message } } }`, { input: { idempotencyKey: randomUUID(), ...input } });
    expect(data[name].userErrors).toEqual([]);
  };
  const promote = (promotion: object): Promise<void> => carryOut('putPromotion', 'PutPromotionInput', { promotion });
  const priceOf = async (sku: string): Promise<string> => (await ask('query ($sku: ID!) { productVariant(by: { sku: $sku }) { price { unitPrice { amount } } } }', { sku })).productVariant.price.unitPrice.amount;
  /** As a person at the ERP changes it; done when the graph sells at it. */
  const reprice = async (price: string): Promise<void> => {
    const before = await priceOf(TENT);
    await house.sandbox.command('set-price', { sku: TENT, price });
    await eventually(async () => expect(await priceOf(TENT)).not.toBe(before));
  };
  /** The basket as another visit left it. */
  const fillBasket = async (lines: readonly object[]): Promise<void> => {
    await browser.page.evaluate((basket) => localStorage.setItem('shop.basket', basket), JSON.stringify(lines));
    await browser.page.goto(`${house.url}/#/`);
    await browser.page.goto(`${house.url}/#/basket`);
    await browser.page.reload();
  };
  const openTent = async (): Promise<void> => {
    await browser.page.goto(`${house.url}/#/?q=${encodeURIComponent('Alder Two-Person Tent')}`);
    await browser.page.locator('.card', { hasText: 'Alder Two-Person Tent' }).locator('a').click();
    await browser.page.locator('.price-line, .price-note').first().waitFor();
  };
  const orderArrives = async (): Promise<void> => void (await browser.page.locator('.order-title .badge', { hasText: 'Accepted' }).waitFor());

  it('flag what is on sale, what everybody pays struck through', async () => {
    const { page, photograph } = browser;
    await promote({ code: 'TENTS', name: 'Tent week', effect: { percentOff: { percent: '10', place: 'UNIT' } }, targets: [{ sku: TENT }] });
    await page.goto(`${house.url}/#/?q=tent`);
    const card = page.locator('.card', { hasText: 'Alder Two-Person Tent' });
    await card.getByText('Sale', { exact: true }).waitFor();
    expect(await card.locator('.card-price').innerText()).toMatch(/^\$417\.60.*\$464\.00$/s);
    await photograph('prices-1-sale');
  });

  it('change on the product page before one\'s eyes', async () => {
    const { page, photograph } = browser;
    await openTent();
    expect(await text('.price-now')).toBe('$417.60');
    await house.sandbox.command('set-price', { sku: TENT, price: '480.00' });
    await page.locator('.price-line', { hasText: /\$432\.00.*\$480\.00.*Changed at /s }).waitFor();
    await see('Tent week');
    await photograph('prices-2-pushed');
  });

  it('that must not be advertised are raised, or shown in the basket alone, and the page says so', async () => {
    const { page, photograph } = browser;
    await carryOut('setMinimumAdvertisedPrices', 'SetMinimumAdvertisedPricesInput', { prices: [{ sku: TENT, price: { amount: '450.00', currencyCode: 'USD' } }] });
    await see(/^You pay less than this/);
    expect(await text('.price-now')).toBe('$450.00');
    await photograph('prices-3-raised');
    await page.setExtraHTTPHeaders({ 'x-channel': 'app' });
    await page.reload();
    await see(/^Put it into the basket to see its price/);
    await photograph('prices-4-in-basket');
    await page.setExtraHTTPHeaders({});
    await carryOut('removeMinimumAdvertisedPrices', 'RemoveMinimumAdvertisedPricesInput', { skus: [TENT] });
  });

  it('of a basket come from its quote, promotions by name, and the order keeps them', async () => {
    const { page, photograph } = browser;
    await promote({ code: 'LIGHTS-3-2', name: 'Three for two', effect: { buyXGetY: { buy: '2', get: '1' } }, targets: [{ sku: LANTERN }] });
    await fillBasket([{ sku: TENT, quantity: '1' }, { sku: LANTERN, quantity: '3' }]);
    const lantern = page.locator('.line', { hasText: LANTERN });
    await lantern.locator('.promotions', { hasText: /Three for two −\$/ }).waitFor();
    await page.locator('.line', { hasText: TENT }).locator('.promotions', { hasText: 'Tent week −$48.00' }).waitFor();
    await page.getByRole('link', { name: 'Checkout' }).waitFor();
    const off = (await lantern.locator('.promotion-off').innerText()).slice(1);
    expect(await text('.totals')).toContain(`−${off}`);
    const total = await text('.totals-sum dd');
    await photograph('prices-5-basket');
    await page.getByRole('link', { name: 'Checkout' }).click();
    await see(/^Reserved for you/);
    await page.locator('.summary', { hasText: 'Three for two' }).waitFor();
    for (const [label, value] of [['Full name', 'Ada Example'], ['E-mail', 'ada@example.org'], ['Street and number', '1 Example Street'], ['Postal code', '10115'], ['City', 'Berlin']] as const) await page.getByLabel(label).fill(value);
    await page.getByLabel('Country').selectOption('DE');
    await photograph('prices-6-checkout');
    await press('Place order');
    await orderArrives();
    await page.locator('.order-lines li', { hasText: LANTERN }).locator('.promotions', { hasText: `Three for two −${off}` }).waitFor();
    expect(await text('.totals')).toContain(`−${off}`);
    expect(await text('.totals-sum dd')).toBe(total);
    await photograph('prices-7-order');
  });

  it('that changed in between are asked about with both, and agreed to', async () => {
    const { page, photograph } = browser;
    await fillBasket([{ sku: TENT, quantity: '2' }, { sku: LANTERN, quantity: '1' }]);
    await page.getByRole('link', { name: 'Checkout' }).click();
    await see(/^Reserved for you/);
    await page.locator('.summary', { hasText: '$864.00' }).waitFor();
    await reprice('500.00');
    await press('Place order');
    await see('Prices have changed since you saw them.');
    const question = page.locator('.price-question li');
    expect(await question.count()).toBe(1);
    expect(await question.innerText()).toMatch(/Alder Two-Person Tent.*\$864\.00.*\$432\.00 each.*\$900\.00.*\$450\.00 each/s);
    await page.locator('.summary', { hasText: '$900.00' }).waitFor();
    await page.getByRole('button', { name: /^Agree and order for \$/ }).waitFor();
    await photograph('prices-8-question', '.price-question');
    await press(/^Agree and order for \$/);
    await orderArrives();
    expect(await text('.order-lines')).toContain('$900.00');
  });

  it('that are too old to order by are quoted anew', async () => {
    const { page, photograph } = browser;
    await new Promise((done) => setTimeout(done, Math.max(0, Date.parse(old.expiresAt) - Date.now()) + 500));
    await fillBasket([{ sku: TENT, quantity: '1' }]);
    await page.getByRole('link', { name: 'Checkout' }).waitFor();
    let quotes = 0;
    await page.route('**/graphql', async (route) => {
      if ((route.request().postDataJSON() as { operationName: string }).operationName !== 'BasketQuote') return route.continue();
      const response = await route.fetch();
      const answer = (await response.json()) as { data: { priceQuote: { token: string } } };
      // As a page that was left open: what it shows was quoted long ago.
      if (quotes++ === 0) answer.data.priceQuote.token = old.token;
      return route.fulfill({ response, json: answer });
    });
    await page.getByRole('link', { name: 'Checkout' }).click();
    await see(/^Reserved for you/);
    await press('Place order');
    await see(/^The prices you saw were too old to order by/);
    await photograph('prices-9-expired', '#order-refusals');
    await press('Place order');
    await orderArrives();
    expect(quotes).toBe(2);
    await page.unroute('**/graphql');
  });

  it('that are missing are told with the reason, in the shopper\'s language', async () => {
    const { page, photograph } = browser;
    await fillBasket([{ sku: TENT, quantity: '1' }, { sku: 'ODD-ZERO-PRICE', quantity: '1' }, { sku: 'NO-SUCH-SKU', quantity: '1' }]);
    await page.locator('.line', { hasText: 'ODD-ZERO-PRICE' }).getByText('Nobody has set a price for it yet').waitFor();
    await page.locator('.line', { hasText: 'NO-SUCH-SKU' }).getByText('No longer sold here').waitFor();
    await see('Mend the marked lines to go on.');
    expect(await text('.totals')).toMatch(/–$/);
    await page.getByLabel('Language').selectOption({ label: 'Deutsch' });
    await see('Für diesen Artikel ist noch kein Preis festgelegt');
    await see(/^Verfügbar, bereit am /);
    await photograph('prices-10-missing');
    expect(browser.complaints).toEqual([]);
  });
});

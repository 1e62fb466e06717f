import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, openBrowser, type TestBrowser } from '../support/browser.ts';
import { startDeployment, type Deployment } from '../support/deployment.ts';
import { eventually } from '../support/storefront-operations.ts';

const chromium = findChromium();
const PATIENCE_MS = 20_000;

describe.skipIf(chromium === null)('the demo storefront in a browser', { timeout: 120_000 }, () => {
  let house: Deployment;
  let browser: TestBrowser;
  beforeAll(async () => {
    house = await startDeployment({ hosting: 'embedded' });
    browser = await openBrowser(chromium!);
    browser.page.setDefaultTimeout(PATIENCE_MS);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await house?.stop();
  });

  const text = (selector: string): Promise<string> => browser.page.locator(selector).first().innerText();
  const see = async (what: string | RegExp): Promise<void> => void (await browser.page.getByText(what).first().waitFor());

  it('lists products, searches, filters and loads more', async () => {
    const { page, photograph } = browser;
    await page.goto(house.url);
    await page.locator('.card a').nth(23).waitFor();
    await photograph('1-list');
    await page.getByRole('button', { name: 'Load more' }).click();
    await page.locator('.card a').nth(47).waitFor();
    await page.getByRole('searchbox').fill('tent');
    await page.waitForFunction(() => location.hash.includes('q=tent'));
    await see(/^\d{1,2} products$/);
    await page.locator('.facet', { hasText: 'Brand' }).locator('input').first().check();
    await page.waitForFunction(() => location.hash.includes('brand='));
    await page.locator('.grid:not(.grid-dimmed) .card').first().waitFor();
    await photograph('2-search');
  });

  it('shows a product whose stock changes before one\'s eyes', async () => {
    const { page, photograph } = browser;
    await page.locator('.card', { hasText: 'In stock' }).first().locator('a').click();
    await page.locator('.stock-figure').waitFor();
    await photograph('3-product');
    const sku = await text('.product-sku');
    await house.sandbox.command('set-stock', { sku, quantity: '777', location: 'MAIN' });
    await page.locator('.places tr', { hasText: /77\d/ }).waitFor();
    await see(/^Changed at /);
    expect(await text('.stock-figure')).toMatch(/^[78]\d\d available$/);
    await photograph('4-stock-pushed', '.stock .fresh');
  });

  it('checks the basket with the ERP and says what cannot be had', async () => {
    const { page, photograph } = browser;
    await page.getByRole('button', { name: 'Add to basket' }).click();
    await page.getByRole('link', { name: 'View basket' }).click();
    await see(/^Available, ready /);
    await page.getByRole('textbox', { name: /^Quantity/ }).fill('99999');
    await page.locator('.outcome .badge-warn, .outcome .badge-bad').first().waitFor();
    await see('Mend the marked lines to go on.');
    await photograph('5-basket-short');
    await page.getByRole('textbox', { name: /^Quantity/ }).fill('2');
    await page.getByRole('link', { name: 'Checkout' }).waitFor();
    await see(/^Available, ready /);
    await photograph('6-basket');
  });

  it('shows refusals at their fields while the stock is held', async () => {
    const { page, photograph } = browser;
    await page.getByRole('link', { name: 'Checkout' }).click();
    await see(/^Reserved for you: 1[45]:\d\d$/);
    await page.getByLabel('E-mail').fill('nobody');
    await page.getByLabel('Street and number').fill('1 Example Street');
    await page.getByRole('button', { name: 'Place order' }).click();
    await page.locator('#field-contact-email-error').waitFor();
    expect(await page.locator('#field-shipTo-city-error').count()).toBe(1);
    await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid') === 'true');
    await photograph('7-checkout-refused');
  });

  it('places one order on a double click, and the shipment arrives on the page', async () => {
    const { page, photograph } = browser;
    await page.getByLabel('Full name').fill('Ada Example');
    await page.getByLabel('E-mail').fill('ada@example.org');
    await page.getByLabel('Postal code').fill('10115');
    await page.getByLabel('City').fill('Berlin');
    await page.getByLabel('Country').selectOption('DE');
    await photograph('8-checkout');
    await page.getByRole('button', { name: 'Place order' }).dblclick();
    await page.getByRole('heading', { level: 1, name: /^Order / }).waitFor();
    const number = (await text('h1')).replace('Order ', '');
    await page.locator('.order-title .badge', { hasText: 'Accepted' }).waitFor();
    await photograph('9-order');
    expect(await house.sandbox.ordersOf(number)).toHaveLength(1);
    expect(await text('.sandbox-note code')).toBe(`npm run sandbox -- ship ${number}`);
    await house.sandbox.command('ship-order', { order: number, tracking: ['1Z999AA10123456784'] });
    await page.locator('.shipment-fresh', { hasText: '1Z999AA10123456784' }).waitFor();
    await page.locator('.order-title .badge', { hasText: 'Shipped' }).waitFor();
    await photograph('10-shipped');
    await page.getByLabel('Language').selectOption({ label: 'Deutsch' });
    await see(`Bestellung ${number}`);
    expect(await text('.basket-count')).toBe('0');
    expect(browser.complaints).toEqual([]);
  });

  it('places one order although its answer was lost', async () => {
    const { page, photograph } = browser;
    const keys: string[] = [];
    await page.route('**/graphql', async (route) => {
      const body = route.request().postDataJSON() as { operationName: string; variables: { input: { idempotencyKey: string } } };
      if (body.operationName !== 'PlaceOrder') return route.continue();
      keys.push(body.variables.input.idempotencyKey);
      const answer = await route.fetch();
      return keys.length === 1 ? route.abort() : route.fulfill({ response: answer });
    });
    const before = await countOrders(house);
    await page.goto(`${house.url}/#/`);
    await page.getByLabel('Sprache').selectOption({ label: 'English' });
    await page.locator('.card', { hasText: 'In stock' }).nth(1).locator('a').click();
    await page.getByRole('button', { name: 'Add to basket' }).click();
    await page.getByRole('link', { name: 'View basket' }).click();
    await page.getByRole('link', { name: 'Checkout' }).click();
    await see(/^Reserved for you/);
    await page.getByRole('button', { name: 'Place order' }).click();
    await see('We could not hear whether your order arrived.');
    await photograph('11-unknown-outcome');
    // What was sent survives the page.
    await page.reload();
    await page.getByRole('button', { name: 'Ask again' }).click();
    await page.locator('.order-title .badge', { hasText: 'Accepted' }).waitFor();
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
    expect(await countOrders(house)).toBe(before + 1);
    await page.unroute('**/graphql');
  });

  it('shows what a set is made of and what it wants for, in the shopper\'s language', async () => {
    const { page, photograph } = browser;
    for (const location of ['MAIN', 'EAST', 'WEST']) await house.sandbox.command('set-stock', { sku: 'POT-ALD', quantity: location === 'MAIN' ? '2' : '0', location });
    await page.goto(`${house.url}/#/`);
    await page.getByRole('searchbox').fill('Camp Kitchen Set');
    await page.locator('.card', { hasText: 'Camp Kitchen Set' }).locator('a').click();
    await page.locator('.kit-parts tr', { hasText: '4 ×' }).waitFor();
    await see(/^2 sets can be made: .* runs out first\.$/);
    await page.getByRole('button', { name: 'Add to basket' }).click();
    await page.getByRole('link', { name: 'View basket' }).click();
    await page.getByRole('textbox', { name: /^Quantity: Camp Kitchen Set/ }).fill('5');
    await see('Only 2 available now');
    await photograph('12-set-short');
    await page.getByLabel('Language').selectOption({ label: 'Deutsch' });
    await see('Nur 2 jetzt verfügbar');
    await page.getByRole('link', { name: 'Camping-Küchenset' }).click();
    await see('Dieses Set enthält');
    await see(/^2 Sets sind möglich: .* geht zuerst aus\.$/);
    await photograph('13-set');
    await page.getByLabel('Sprache').selectOption({ label: 'English' });
  });

  it('explores the graph without anything from elsewhere', async () => {
    const { page, photograph, complaints } = browser;
    const heard = complaints.length;
    const hosts = new Set<string>();
    page.on('request', (request) => hosts.add(new URL(request.url()).host));
    await page.goto(`${house.url}/explorer`);
    await page.locator('.graphiql-query-editor .cm-property').first().waitFor();
    await page.getByRole('button', { name: /Execute query/ }).click();
    await page.locator('.result-window', { hasText: 'totalCount' }).waitFor();
    await photograph('14-explorer');
    await page.getByRole('tab', { name: 'Stock' }).click();
    // The tab turns before its document is in the editor.
    await page.locator('.graphiql-query-editor', { hasText: 'stockChanged' }).waitFor();
    await page.getByRole('button', { name: /Execute query/ }).click();
    await page.getByRole('button', { name: /Stop query/ }).waitFor();
    // The button turns before the socket is open: what changes before that is nobody's news.
    let quantity = 555;
    await eventually(async () => {
      await house.sandbox.command('set-stock', { sku: 'TNT-ALD', quantity: String((quantity += 1)), location: 'MAIN' });
      await page.locator('.result-window', { hasText: 'stockChanged' }).waitFor({ timeout: 2_000 });
    });
    expect([...hosts].filter((host) => host !== '' && host !== new URL(house.url).host)).toEqual([]);
    expect(complaints.slice(heard)).toEqual([]);
  });
});

async function countOrders({ sandbox }: Deployment): Promise<number> {
  const orders = (await (await fetch(`${sandbox.url}/sandbox/orders?limit=1000`)).json()) as readonly unknown[];
  return orders.length;
}

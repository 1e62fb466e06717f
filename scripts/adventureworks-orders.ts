import { createWriteStream, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { parquetReadObjects } from 'hyparquet';
import { add, decimal, multiply, subtract, sum, type Decimal } from '../domain/decimal.ts';
import { commaCells, decode, openTables, type Tables } from '../sandbox/seeds/adventureworks/tables.ts';

/*
 * npm run orders:adventureworks -- <folder> <file.jsonl>: all orders AdventureWorks has, one JSON a line, as `npm run orders:import`
 * takes them: 3,806 of resellers (reseller_orders_fabric) and 16,459 of the web shop (online_orders_dpdata, dates eight years later).
 */

const [folder, target] = process.argv.slice(2);
if (folder === undefined || target === undefined) {
  console.error('usage: npm run orders:adventureworks -- <folder that holds columns.json> <file.jsonl>');
  process.exit(2);
}

interface Line {
  readonly sku: string;
  readonly quantity: Decimal;
  readonly unitPrice: Decimal;
  readonly lineTotal: Decimal;
  readonly discount: Decimal;
  readonly tax: Decimal | null;
}

interface Account {
  readonly number: string;
  readonly companyNumber: string | null;
}

/** What the two sources share: SKUs and customers by the ids they use. */
function openBook(tables: Tables) {
  const products = tables.read('Production.Product');
  const customers = tables.read('Sales.Customer');
  const companies = new Map(customers.filter((row) => row['PersonID'] === undefined).map((row) => [row['StoreID']!, row['AccountNumber']!]));
  const accounts = new Map(customers.flatMap((row): [string, Account][] =>
    row['PersonID'] === undefined ? [] : [[row['PersonID'], { number: row['AccountNumber']!, companyNumber: companies.get(row['StoreID'] ?? '') ?? null }]]));
  const persons = new Map(tables.read('Person.EmailAddress').map((row) => [row['EmailAddress']!, row['BusinessEntityID']!]));
  return {
    skuOf: new Map(products.map((row) => [row['ProductID']!, row['ProductNumber']!])),
    skuByName: new Map(products.map((row) => [row['Name']!, row['ProductNumber']!])),
    accounts,
    accountByEmail: (email: string): Account | undefined => accounts.get(persons.get(email) ?? ''),
  };
}

type Book = ReturnType<typeof openBook>;

type ResellerRow = Readonly<Record<'OrderDate' | 'ShipDate', string> & Record<'SalesOrderID' | 'CustomerID_FK' | 'TaxAmt' | 'Freight' | 'TotalDue' | 'ProductID_FK' | 'OrderQty' | 'UnitPrice' | 'LineTotal', number>>;

/** "5/30/2012" */
function americanDay(text: string): string {
  const [month, day, year] = text.split('/') as [string, string, string];
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}T00:00:00.000Z`;
}

async function readReseller(root: string, { skuOf, accounts }: Book): Promise<readonly object[]> {
  const directory = join(root, 'reseller_orders_fabric/adventureworks_orders');
  const bytes = readFileSync(join(directory, readdirSync(directory).find((name) => name.endsWith('.parquet'))!));
  const rows = (await parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) })) as unknown as readonly ResellerRow[];
  return [...Map.groupBy(rows, (row) => row.SalesOrderID)].map(([id, lines]) => {
    const [head] = lines as [ResellerRow];
    const account = accounts.get(String(head.CustomerID_FK));
    return {
      number: `SO${id}`, placedAt: americanDay(head.OrderDate), shippedAt: americanDay(head.ShipDate), state: 'SHIPPED', channel: 'reseller',
      customerNumber: account?.number ?? null, companyNumber: account?.companyNumber ?? null, currencyCode: 'USD',
      shipping: decimal(head.Freight), tax: decimal(head.TaxAmt), total: decimal(head.TotalDue), lines: lines.map((row) => resellerLine(row, skuOf)),
    };
  });
}

/** The line's own total is after the discount; the discount is what is missing of quantity times price. */
function resellerLine(row: ResellerRow, skuOf: Book['skuOf']): Line {
  const [quantity, unitPrice] = [decimal(row.OrderQty), decimal(row.UnitPrice)];
  const lineTotal = multiply(quantity, unitPrice);
  return { sku: skuOf.get(String(row.ProductID_FK))!, quantity, unitPrice, lineTotal, discount: subtract(lineTotal, decimal(row.LineTotal)), tax: null };
}

const YEARS_LATER = 8;

function readOnline(root: string, { skuByName, accountByEmail }: Book): readonly object[] {
  const rows = ['2019', '2020', '2021'].flatMap((year) => commaCells(decode(readFileSync(join(root, `online_orders_dpdata/${year}.csv`)))));
  return [...Map.groupBy(rows, ([number]) => number!)].map(([number, cells]) => {
    const lines = cells.map((row): Line => {
      const [quantity, unitPrice, tax] = [decimal(row[6]!), decimal(row[7]!), decimal(row[8]!)];
      return { sku: skuByName.get(row[5]!)!, quantity, unitPrice, lineTotal: multiply(quantity, unitPrice), discount: decimal('0'), tax };
    });
    const [, , day, , email] = cells[0]!;
    const account = accountByEmail(email!);
    const placedAt = `${Number(day!.slice(0, 4)) - YEARS_LATER}${day!.slice(4)}T00:00:00.000Z`;
    const tax = sum(lines.map((line) => line.tax!));
    return {
      number, placedAt, state: 'SHIPPED', channel: 'web', customerNumber: account?.number ?? null, companyNumber: account?.companyNumber ?? null, email,
      currencyCode: 'USD', tax, total: add(tax, sum(lines.map((line) => line.lineTotal))), lines,
    };
  });
}

const book = openBook(openTables(folder));
const orders = [...(await readReseller(folder, book)), ...readOnline(folder, book)];
const out = createWriteStream(target);
for (const order of orders) if (!out.write(`${JSON.stringify(order)}\n`)) await once(out, 'drain');
out.end();
await once(out, 'finish');
console.log(`${orders.length} orders written to ${target}`);

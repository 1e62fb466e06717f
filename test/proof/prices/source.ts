import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { decimal, divide, multiply, type Decimal } from '../../../domain/decimal.ts';
import { addDays, calendarDate, instant, type CalendarDate, type Instant } from '../../../domain/time.ts';
import { commaCells, decode, openTables, type Row, type Tables } from '../../../sandbox/seeds/adventureworks/tables.ts';

/*
 * What AdventureWorks says its prices are, and what it charged. Days are those of oltp_2016dates (2011 to 2014) and of the resellers'
 * orders; the web shop's files lie exactly eight years later. Amounts are SQL Server's `money`: four digits.
 */

export type Channel = 'reseller' | 'web';

/** A list price from one day on, before another. */
export interface DatedPrice {
  readonly sku: string;
  readonly price: Decimal;
  readonly from: CalendarDate;
  /** The first day without it; null: it still holds. */
  readonly until: CalendarDate | null;
}

export interface Offer {
  readonly id: string;
  readonly name: string;
  /** 10 is ten percent. */
  readonly percent: Decimal;
  /** Whom the source says it is for: Reseller or Customer. */
  readonly category: string;
  readonly minQuantity: Decimal | null;
  readonly maxQuantity: Decimal | null;
  readonly from: CalendarDate;
  /** The first day without it. */
  readonly until: CalendarDate;
  readonly skus: readonly string[];
}

export interface Item {
  readonly sku: string;
  /** As the item has it at the end of the data. */
  readonly listPrice: Decimal;
  readonly cost: Decimal;
}

export interface SoldLine {
  readonly sku: string;
  readonly quantity: Decimal;
  readonly unitPrice: Decimal;
  /** Up to six digits; the export shows ten significant ones. */
  readonly lineTotal: Decimal;
  /** The percentage the source says it gave. */
  readonly given: Decimal;
}

export interface SoldOrder {
  readonly number: string;
  readonly channel: Channel;
  readonly day: CalendarDate;
  readonly lines: readonly SoldLine[];
}

export interface Source {
  readonly items: readonly Item[];
  readonly prices: readonly DatedPrice[];
  readonly offers: readonly Offer[];
  readonly orders: readonly SoldOrder[];
}

/** Days are told as those of one calendar; prices of a day are those of its midnight. */
export const midnight = (day: CalendarDate): Instant => instant(`${day}T00:00:00.000Z`);

/** @param folder the one that holds columns.json */
export async function readSource(folder: string): Promise<Source> {
  const tables = openTables(folder);
  const products = tables.read('Production.Product');
  const skuOf = new Map(products.map((row) => [row['ProductID']!, row['ProductNumber']!]));
  const skuByName = new Map(products.map((row) => [row['Name']!, row['ProductNumber']!]));
  return {
    items: products.map((row) => ({ sku: row['ProductNumber']!, listPrice: decimal(row['ListPrice']!), cost: decimal(row['StandardCost']!) })),
    prices: tables.read('Production.ProductListPriceHistory').map((row) => ({ sku: skuOf.get(row['ProductID']!)!, price: decimal(row['ListPrice']!), from: dayOf(row['StartDate']!), until: dayAfter(row['EndDate']) })),
    offers: readOffers(tables, skuOf),
    orders: [...(await readReseller(folder, skuOf)), ...readOnline(folder, skuByName)],
  };
}

const dayOf = (text: string): CalendarDate => calendarDate(text.slice(0, 10));
/** The source's windows end with their last day. */
const dayAfter = (last: string | undefined): CalendarDate | null => (last === undefined ? null : addDays(dayOf(last), 1));

const HUNDRED = decimal(100);

/** But "No Discount", which is no offer. */
function readOffers(tables: Tables, skuOf: ReadonlyMap<string, string>): readonly Offer[] {
  const links = Map.groupBy(tables.read('Sales.SpecialOfferProduct'), (row) => row['SpecialOfferID']!);
  const quantity = (row: Row, column: string): Decimal | null => (row[column] === undefined || row[column] === '0' ? null : decimal(row[column]));
  return tables.read('Sales.SpecialOffer').filter((row) => row['Category'] !== 'No Discount').map((row) => ({
    id: row['SpecialOfferID']!, name: row['Description']!, percent: multiply(decimal(row['DiscountPct']!), HUNDRED), category: row['Category']!,
    minQuantity: quantity(row, 'MinQty'), maxQuantity: quantity(row, 'MaxQty'), from: dayOf(row['StartDate']!), until: dayAfter(row['EndDate'])!,
    skus: (links.get(row['SpecialOfferID']!) ?? []).map((link) => skuOf.get(link['ProductID']!)!),
  }));
}

type ResellerRow = Readonly<{ OrderDate: string } & Record<'SalesOrderID' | 'ProductID_FK' | 'OrderQty' | 'UnitPrice' | 'UnitPriceDiscount' | 'LineTotal', number>>;

async function readReseller(folder: string, skuOf: ReadonlyMap<string, string>): Promise<readonly SoldOrder[]> {
  const directory = join(folder, 'reseller_orders_fabric/adventureworks_orders');
  const bytes = readFileSync(join(directory, readdirSync(directory).find((name) => name.endsWith('.parquet'))!));
  const rows = (await parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) })) as unknown as readonly ResellerRow[];
  return [...Map.groupBy(rows, (row) => row.SalesOrderID)].map(([number, lines]) => ({
    number: `SO${number}`, channel: 'reseller', day: americanDay(lines[0]!.OrderDate),
    lines: lines.map((row) => ({
      sku: skuOf.get(String(row.ProductID_FK))!, quantity: decimal(row.OrderQty), unitPrice: decimal(row.UnitPrice), lineTotal: decimal(row.LineTotal), given: multiply(decimal(row.UnitPriceDiscount), HUNDRED),
    })),
  }));
}

/** "5/30/2012" */
function americanDay(text: string): CalendarDate {
  const [month, day, year] = text.split('/') as [string, string, string];
  return calendarDate(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`);
}

const YEARS_LATER = 8;

/** Number, line, day, customer, e-mail, item, quantity, price, tax; no total of the line. */
function readOnline(folder: string, skuByName: ReadonlyMap<string, string>): readonly SoldOrder[] {
  const rows = ['2019', '2020', '2021'].flatMap((year) => commaCells(decode(readFileSync(join(folder, `online_orders_dpdata/${year}.csv`)))));
  return [...Map.groupBy(rows, ([number]) => number!)].map(([number, lines]) => {
    const day = lines[0]![2]!;
    return {
      number, channel: 'web', day: calendarDate(`${Number(day.slice(0, 4)) - YEARS_LATER}${day.slice(4)}`),
      lines: lines.map((row) => ({ sku: skuByName.get(row[5]!)!, quantity: decimal(row[6]!), unitPrice: decimal(row[7]!), lineTotal: multiply(decimal(row[6]!), decimal(row[7]!)), given: decimal('0') })),
    };
  });
}

/** In hundredths: "0.35". */
export const fractionOf = (percent: Decimal): Decimal => divide(percent, HUNDRED);

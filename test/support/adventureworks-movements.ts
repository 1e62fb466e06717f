import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { commaCells, decode, openTables, type Tables } from '../../sandbox/seeds/adventureworks/tables.ts';

/*
 * What AdventureWorks bought and sold, by product and day (2011 to 2014). Purchases: PurchaseOrderHeader and -Detail of
 * oltp_2016dates. Sales: all reseller lines (reseller_orders_fabric, Parquet) and all online lines there are
 * (online_orders_dpdata, whose dates lie eight years later).
 */

/** Days are "2012-05-30", quantities decimal text of pieces. */
export interface Purchase {
  readonly orderedOn: string;
  readonly dueOn: string;
  readonly ordered: string;
  /** Put on the shelf on the day it was due, after rejects; null while the order is pending or approved: nothing came. */
  readonly stocked: string | null;
}

export interface Sale {
  readonly orderedOn: string;
  /** The day it left the house; the web shop's lines tell no other than that of the order. */
  readonly shippedOn: string;
  readonly quantity: string;
}

export interface ProductMovements {
  readonly productId: string;
  readonly purchases: readonly Purchase[];
  readonly sales: readonly Sale[];
  /** On hand when the data ends (ProductInventory, all locations). */
  readonly closing: number;
}

const REJECTED = '3';
const COMPLETE = '4';

const day = (text: string): string => text.slice(0, 10);

export async function readMovements(folder: string): Promise<readonly ProductMovements[]> {
  const tables = openTables(folder);
  const purchases = readPurchases(tables);
  const sales = [...(await readResellerSales(folder)), ...readOnlineSales(folder, tables)];
  const salesOf = Map.groupBy(sales, (sale) => sale.productId);
  const purchasesOf = Map.groupBy(purchases, (purchase) => purchase.productId);
  const closing = new Map<string, number>();
  for (const { ProductID, Quantity } of tables.read('Production.ProductInventory')) closing.set(ProductID!, (closing.get(ProductID!) ?? 0) + Number(Quantity));
  return [...new Set([...purchasesOf.keys(), ...salesOf.keys()])].sort((a, b) => Number(a) - Number(b)).map((productId) => ({
    productId, purchases: purchasesOf.get(productId) ?? [], sales: salesOf.get(productId) ?? [], closing: closing.get(productId) ?? 0,
  }));
}

type OfProduct<T> = T & { readonly productId: string };

function readPurchases(tables: Tables): readonly OfProduct<Purchase>[] {
  const headers = new Map(tables.read('Purchasing.PurchaseOrderHeader').map((row) => [row['PurchaseOrderID']!, row]));
  return tables.read('Purchasing.PurchaseOrderDetail').flatMap((row) => {
    const header = headers.get(row['PurchaseOrderID']!)!;
    if (header['Status'] === REJECTED) return [];
    const stocked = header['Status'] === COMPLETE ? row['StockedQty']! : null;
    // ".00" is how SQL Server writes zero.
    return [{ productId: row['ProductID']!, orderedOn: day(header['OrderDate']!), dueOn: day(row['DueDate']!), ordered: row['OrderQty']!, stocked: stocked?.replace(/^\./, '0.') ?? null }];
  });
}

interface ResellerRow {
  readonly OrderDate: string;
  readonly ShipDate: string;
  readonly ProductID_FK: number;
  readonly OrderQty: number;
}

async function readResellerSales(folder: string): Promise<readonly OfProduct<Sale>[]> {
  const directory = join(folder, 'reseller_orders_fabric/adventureworks_orders');
  const [name] = readdirSync(directory).filter((file) => file.endsWith('.parquet'));
  const bytes = readFileSync(join(directory, name!));
  const rows = await parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength), columns: ['OrderDate', 'ShipDate', 'ProductID_FK', 'OrderQty'] });
  return (rows as unknown as readonly ResellerRow[]).map((row) => ({
    productId: String(row.ProductID_FK), orderedOn: americanDay(row.OrderDate), shippedOn: americanDay(row.ShipDate), quantity: String(row.OrderQty),
  }));
}

/** "5/30/2012" */
function americanDay(text: string): string {
  const [month, dayOfMonth, year] = text.split('/') as [string, string, string];
  return `${year}-${month.padStart(2, '0')}-${dayOfMonth.padStart(2, '0')}`;
}

const ONLINE_YEARS_LATER = 8;
const ONLINE = { orderedOn: 2, item: 5, quantity: 6 };

/** Products by name: the files have no ids. */
function readOnlineSales(folder: string, tables: Tables): readonly OfProduct<Sale>[] {
  const idOf = new Map(tables.read('Production.Product').map((row) => [row['Name']!, row['ProductID']!]));
  return ['2019', '2020', '2021'].flatMap((year) => commaCells(decode(readFileSync(join(folder, `online_orders_dpdata/${year}.csv`))))).map((row) => {
    const orderedOn = row[ONLINE.orderedOn]!.replace(/^\d{4}/, (year) => String(Number(year) - ONLINE_YEARS_LATER));
    return { productId: idOf.get(row[ONLINE.item]!)!, orderedOn, shippedOn: orderedOn, quantity: row[ONLINE.quantity]! };
  });
}

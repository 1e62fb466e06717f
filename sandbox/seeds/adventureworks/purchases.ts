import type { ErpSeed, SeedPurchaseLine, SeedPurchaseOrder } from '../../engine/seed-types.ts';
import { text, type Catalogue } from './catalogue.ts';
import { daysUntil, shifted } from './dates.ts';
import type { Tally } from './report.ts';
import type { Row, Tables } from './tables.ts';

const open = new Map([['1', 'pending'], ['2', 'approved']]);
const closed = new Map([['3', 'rejected'], ['4', 'complete']]);
/** The data says not where a purchase arrives: where the product lies already, else "Miscellaneous Storage". */
const fallbackLocation = 'L06';

export interface Purchases extends Pick<ErpSeed, 'purchaseOrders' | 'vendors'> { readonly shiftDays: number }

/** Orders under way. `shiftDays` undefined: the newest due date comes to lie 60 days after `today` (`YYYY-MM-DD`). */
export function purchasesOf(tables: Tables, tally: Tally, catalogue: Catalogue, firstLocation: ReadonlyMap<string, string>, today: string, given: number | undefined): Purchases {
  const headers = new Map(tally.read('PurchaseOrderHeader', tables.read('Purchasing.PurchaseOrderHeader')).map((row) => [text(row, 'PurchaseOrderID'), row]));
  const details = tally.read('PurchaseOrderDetail', tables.read('Purchasing.PurchaseOrderDetail'));
  const kept = details.filter((line) => {
    const status = text(headers.get(text(line, 'PurchaseOrderID'))!, 'Status');
    if (open.has(status)) return true;
    tally.reject('PurchaseOrderDetail', `${text(line, 'PurchaseOrderID')}/${text(line, 'PurchaseOrderDetailID')}`, `its order is ${closed.get(status) ?? status}: nothing is on its way`);
    return false;
  });
  const newest = kept.map((line) => text(line, 'DueDate')).sort().at(-1) ?? today;
  const shiftDays = given ?? daysUntil(newest, today, 60);
  const linesOf = new Map<string, SeedPurchaseLine[]>();
  for (const line of kept) {
    const id = text(line, 'PurchaseOrderID');
    linesOf.set(id, [...(linesOf.get(id) ?? []), lineOf(line, catalogue, firstLocation, shiftDays)]);
  }
  for (const [id, header] of headers) if (!open.has(text(header, 'Status'))) tally.reject('PurchaseOrderHeader', id, `status ${closed.get(text(header, 'Status')) ?? '?'}: nothing is on its way`);
  const stillOpen = kept.filter((line) => Number.parseFloat(text(line, 'ReceivedQty')) < Number.parseFloat(text(line, 'OrderQty')));
  tally.note('purchase order lines on pending or approved orders', kept.length);
  tally.note('of these, lines with a quantity still to arrive', stillOpen.length);
  return { purchaseOrders: [...linesOf].map(([id, lines]) => orderOf(headers.get(id)!, lines)), vendors: vendorsOf(tables, tally), shiftDays };
}

function orderOf(header: Row, lines: readonly SeedPurchaseLine[]): SeedPurchaseOrder {
  return { reference: `AWPO${text(header, 'PurchaseOrderID').padStart(5, '0')}`, vendor: `V${text(header, 'VendorID')}`, lines };
}

function lineOf(line: Row, catalogue: Catalogue, firstLocation: ReadonlyMap<string, string>, shiftDays: number): SeedPurchaseLine {
  const productId = text(line, 'ProductID');
  const product = catalogue.byId.get(productId);
  if (product === undefined) throw new Error(`purchase order line ${text(line, 'PurchaseOrderDetailID')}: product ${productId} does not exist`);
  return {
    sku: text(product, 'ProductNumber'), location: firstLocation.get(productId) ?? fallbackLocation,
    quantity: text(line, 'OrderQty'), received: text(line, 'ReceivedQty'), unitPrice: text(line, 'UnitPrice'), due: shifted(text(line, 'DueDate'), shiftDays),
  };
}

function vendorsOf(tables: Tables, tally: Tally): ErpSeed['vendors'] {
  return tally.read('Vendor', tables.read('Purchasing.Vendor')).map((row) => ({ code: `V${text(row, 'BusinessEntityID')}`, name: text(row, 'Name'), email: null }));
}

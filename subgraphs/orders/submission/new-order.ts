import type { LineRecord, OrderRecord } from '../records.ts';
import type { NewOrder, NewOrderLine, RoutingHint, TaxAmount } from '../../../domain/orders.ts';
import { isPositive } from '../../../domain/decimal.ts';
import type { LocationCode, Sku } from '../../../domain/ids.ts';
import { unmapped, type CodeBook, type CodeKind, type CodeNeed } from '../codes/code-map.ts';

/** Every code of ours the ERP has to be told of for this order, each once. */
export function codesNeeded(order: OrderRecord, lines: readonly LineRecord[]): readonly CodeNeed[] {
  const ordered = lines.filter(isOrdered);
  const needs: CodeNeed[] = [
    ...ordered.filter(({ skuOverride }) => skuOverride === null).map(({ sku }): CodeNeed => ({ kind: 'SKU', ours: sku })),
    ...[...ordered, ...order.charges].flatMap(({ taxes }) => taxes ?? []).map(({ code }): CodeNeed => ({ kind: 'TAX', ours: code })),
    ...order.charges.map(({ code }): CodeNeed => ({ kind: 'CHARGE', ours: code })),
    ...order.payments.map(({ methodCode }): CodeNeed => ({ kind: 'PAYMENT', ours: methodCode })),
    ...(order.carrierCode === null ? [] : [{ kind: 'CARRIER', ours: order.carrierCode } as const]),
  ];
  return [...new Map(needs.map((need) => [`${need.kind} ${need.ours}`, need])).values()];
}

/**
 * The order in the ERP's words. Lines that were cancelled are left out; what the ERP is to tax by its own rules has no taxes.
 * @throws Failure definite, naming every code that has no mapping and how to set one
 */
export function newOrderOf(order: OrderRecord, lines: readonly LineRecord[], customerId: string, codes: CodeBook): NewOrder {
  const missing = codesNeeded(order, lines).filter(({ kind, ours }) => codes.their(kind, ours) === null);
  if (missing.length > 0) throw unmapped(codes.system, missing);
  const their = (kind: CodeKind, ours: string): string => codes.their(kind, ours)!;
  const taxesOf = (taxes: readonly TaxAmount[] | null): readonly TaxAmount[] | null => taxes?.map((tax) => ({ ...tax, code: their('TAX', tax.code) })) ?? null;
  const currencyCode = order.currencyCode!;
  return {
    reference: order.number,
    customerId,
    channel: order.channel,
    externalOrderId: order.externalOrderId,
    currencyCode,
    exchangeRate: order.exchangeRate,
    priceListCode: order.priceListCode,
    shipTo: order.shipTo,
    billTo: order.billTo,
    requestedOn: order.requestedOn,
    carrierCode: order.carrierCode === null ? null : their('CARRIER', order.carrierCode),
    note: order.note,
    lines: lines.filter(isOrdered).map((line) => lineOf(line, currencyCode, order.routing, codes, taxesOf)),
    charges: order.charges.map(({ kind, code, description, amount, taxes }) => ({ kind, code: their('CHARGE', code), description, amount, taxes: taxesOf(taxes) })),
    payments: order.payments.map(({ methodCode, kind, amount, reference }) => ({ methodCode: their('PAYMENT', methodCode), kind, amount: { amount, currencyCode }, reference })),
    taxIncluded: order.taxIncluded,
    ...(order.total !== null && { total: { amount: order.total, currencyCode } }),
    routing: order.routing,
    placedAt: order.placedAt,
  };
}

const isOrdered = ({ quantity }: LineRecord): boolean => isPositive(quantity);

/** What the ERP is told of a line instead of its SKU: kept, because its messages call the line so. */
export const erpSkuOf = ({ sku, skuOverride }: Pick<LineRecord, 'sku' | 'skuOverride'>, codes: CodeBook): Sku => skuOverride ?? codes.their('SKU', sku)!;

function lineOf(
  line: LineRecord, currencyCode: string, routing: readonly RoutingHint[], codes: CodeBook, taxesOf: (taxes: LineRecord['taxes']) => LineRecord['taxes'],
): NewOrderLine {
  const { lineNumber, quantity, unitPrice, discount, taxes, shipTo, requestedOn } = line;
  return {
    lineNumber, quantity, discount, shipTo, requestedOn,
    sku: erpSkuOf(line, codes),
    unitPrice: { amount: unitPrice!, currencyCode },
    taxes: taxesOf(taxes),
    locationCode: onlyLocation(lineNumber, routing),
  };
}

/** A line has one location in the ERP: none is better than one of several. */
function onlyLocation(lineNumber: number, routing: readonly RoutingHint[]): LocationCode | null {
  const codes = new Set(routing.filter((hint) => hint.lineNumber === lineNumber).map(({ locationCode }) => locationCode));
  return codes.size === 1 ? [...codes][0]! : null;
}

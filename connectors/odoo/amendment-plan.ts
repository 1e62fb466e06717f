import { add, compare, equals, isPositive, isZero, least, multiply, negate, ONE, subtract, type Decimal } from '../../domain/decimal.ts';
import type { ChangeRefusal, OrderChange } from '../../domain/order-changes.ts';
import { decimalOf } from './convert.ts';
import { begunWith, findLine, isOpen, keyOf, pickingOf, type DocumentLine, type DocumentPicking, type OrderDocument } from './order-document.ts';
import { unitFactor, type Units } from './units.ts';
import type { OdooMany2One } from './wire.ts';

/** What an order shall be, with the address looked up. */
export interface AmendmentWanted {
  readonly lines: OrderChange['lines'];
  /** Odoo's contact; null: not there yet; undefined: as it is. */
  readonly addressId?: number | null | undefined;
  readonly requestedOn?: string | null | undefined;
}

export interface Refused {
  readonly kind: 'REFUSED';
  readonly reason: ChangeRefusal;
  readonly detail: string;
}

export interface Write {
  readonly kind: 'WRITE';
  /** Of the one `sale.order/write` that does it all, or nothing. */
  readonly values: (addressId: number | null) => Readonly<Record<string, unknown>>;
  /** Transfers whose address changes. */
  readonly readdressed: readonly number[];
}

export type AmendmentPlan = { readonly kind: 'DONE' } | Refused | Write;

/** Odoo's "update this one" of a relation. */
type Command = readonly [1, number, Readonly<Record<string, unknown>>];

interface LineStep {
  readonly line: DocumentLine;
  readonly quantity: Decimal;
}

const refuse = (reason: ChangeRefusal, detail: string): Refused => ({ kind: 'REFUSED', reason, detail });

/**
 * What has to be written so that the document becomes what is wanted; the same question after writing says whether it did.
 * Odoo's own way (write the line, its procurement follows) is not taken where a transfer is there already: for a lowered
 * line it looks for any open, unprinted transfer of the order, and where that is not the line's it makes a return of goods that
 * never left; for a raised one it wipes the address of a transfer that goes elsewhere. So the moves' demand is written with
 * the line, in one transaction.
 */
export function planAmendment(document: OrderDocument, wanted: AmendmentWanted, units: Units): AmendmentPlan {
  const { order } = document;
  if (order.state === 'cancel') return refuse('CANCELLED', `${order.name} is cancelled`);
  const steps: LineStep[] = [];
  for (const change of wanted.lines) {
    const line = findLine(document, change);
    if (line === null) return refuse('OTHER', `${order.name} has no line ${change.lineNumber} of ${change.sku} that could be told apart`);
    if (!equals(decimalOf(line.product_uom_qty), change.quantity)) steps.push({ line, quantity: change.quantity });
  }
  const readdressed = wanted.addressId !== undefined && wanted.addressId !== keyOf(order.partner_shipping_id);
  const redated = wanted.requestedOn !== undefined && wanted.requestedOn !== dayOf(order.commitment_date);
  if (steps.length === 0 && !readdressed && !redated) return { kind: 'DONE' };
  const refusal = steps.map((step) => refusalOf(document, step)).find((found) => found !== null) ?? (readdressed || redated ? refusalOfWhole(document) : null);
  return refusal ?? writeOf(document, { steps, readdressed, requestedOn: redated ? wanted.requestedOn : undefined }, units);
}

interface Differences {
  readonly steps: readonly LineStep[];
  readonly readdressed: boolean;
  readonly requestedOn: string | null | undefined;
}

function writeOf(document: OrderDocument, { steps, readdressed, requestedOn }: Differences, units: Units): Write {
  const { order, pickings } = document;
  const leaving = readdressed ? [...pickings.values()].filter((picking) => isDelivery(picking) && keyOf(picking.partner_id) === keyOf(order.partner_shipping_id)) : [];
  // Without a day asked for, Odoo plans from the day of the order.
  const scheduled = requestedOn === undefined ? false : requestedOn === null ? order.date_order : noonOf(requestedOn);
  return {
    kind: 'WRITE',
    readdressed: leaving.map(({ id }) => id),
    values: (addressId) => ({
      ...(readdressed && { partner_shipping_id: addressId }),
      ...(requestedOn !== undefined && { commitment_date: requestedOn === null ? false : noonOf(requestedOn) }),
      ...pickingCommands(document, leaving, addressId, scheduled),
      ...(steps.length > 0 && { order_line: steps.map((step) => lineCommand(document, step, units)) }),
    }),
  };
}

const dayOf = (moment: string | false): string | null => (moment === false ? null : moment.slice(0, 10));
const noonOf = (day: string): string => `${day} 12:00:00`;

const isDelivery = (picking: DocumentPicking): boolean => isOpen(picking) && picking.picking_type_code === 'outgoing';

function refusalOf(document: OrderDocument, { line, quantity }: LineStep): Refused | null {
  const [delivered, open] = [decimalOf(line.qty_delivered), line.moves.filter(isOpen)];
  if (compare(quantity, delivered) < 0) return refuse('SHIPPED', `${delivered} of ${line.sku} have left`);
  const begun = open.map((move) => begunWith(document, move)).find((words) => words !== null);
  if (begun !== undefined && begun !== null) return refuse('PICKING_STARTED', begun);
  if (open.length === 0 && line.moves.some(({ state }) => state === 'done')) return refuse('SHIPPED', `all of ${line.sku} has left`);
  if (line.moves.length === 0 || isDirect(document, line)) return null;
  const places = new Set([...document.pickings.values()].filter(isDelivery).map(({ partner_id: partner }) => keyOf(partner)));
  return places.size > 1 ? refuse('OTHER', `${document.order.name} leaves for several addresses: Odoo would mix up where ${line.sku} goes`) : null;
}

/** Address and day are the whole order's: nothing of it may have been begun, and something must still be to come. */
function refusalOfWhole(document: OrderDocument): Refused | null {
  const moves = document.lines.flatMap((line) => line.moves);
  const begun = moves.map((move) => begunWith(document, move)).find((words) => words !== null);
  if (begun !== undefined && begun !== null) return refuse('PICKING_STARTED', begun);
  return moves.some(({ state }) => state === 'done') && !moves.some(isOpen) ? refuse('SHIPPED', `all of ${document.order.name} has left`) : null;
}

/** Its open moves leave the house in one step, and are of the product itself: no components of a kit, no picking before packing. */
export function isDirect(document: OrderDocument, line: DocumentLine): boolean {
  const open = line.moves.filter(isOpen);
  return open.length > 0 && open.every((move) =>
    pickingOf(document, move)?.picking_type_code === 'outgoing' && keyOf(move.product_id) === keyOf(line.product_id)
    && (move.move_orig_ids ?? []).length === 0 && (move.move_dest_ids ?? []).length === 0);
}

/** Price and discount are sent as they are: a quantity alone has Odoo price the line anew from its price list. */
function lineCommand(document: OrderDocument, { line, quantity }: LineStep, units: Units): Command {
  const moves = isDirect(document, line) ? { move_ids: moveCommands(line, quantity, units) } : {};
  return [1, line.id, { product_uom_qty: Number(quantity), price_unit: line.price_unit, discount: line.discount, ...moves }];
}

/** More goes to the last open move, less is taken from the last first: what was a backorder anyway. */
function moveCommands({ moves, product_uom_qty: before, unit }: DocumentLine, quantity: Decimal, units: Units): readonly Command[] {
  const open = moves.filter(isOpen).sort((a, b) => b.id - a.id);
  let change = multiply(subtract(quantity, decimalOf(before)), factorBetween(unit, open[0]!.product_uom, units));
  return open.flatMap((move): readonly Command[] => {
    const demand = decimalOf(move.product_uom_qty);
    const taken = isPositive(change) ? change : negate(least(demand, negate(change)));
    if (isZero(taken)) return [];
    change = subtract(change, taken);
    return [[1, move.id, { product_uom_qty: Number(add(demand, taken)) }]];
  });
}

/** All moves of a line are in one unit: the ordered one, or the product's own. */
function factorBetween(ordered: OdooMany2One, moved: OdooMany2One, units: Units): Decimal {
  const [from, to] = [units.get(keyOf(ordered)), units.get(keyOf(moved))];
  return keyOf(ordered) === keyOf(moved) || from === undefined || to === undefined ? ONE : unitFactor(from, to);
}

/** Where and when the transfers leave that have not left; those of lines with an address of their own keep it. */
function pickingCommands(document: OrderDocument, readdressed: readonly DocumentPicking[], addressId: number | null, scheduled: string | false): { readonly picking_ids?: readonly Command[] } {
  const commands = [...document.pickings.values()].filter(isDelivery).map((picking): Command => [1, picking.id, {
    ...(readdressed.includes(picking) && { partner_id: addressId }), ...(scheduled !== false && { scheduled_date: scheduled }),
  }]);
  const needed = commands.filter(([, , values]) => Object.keys(values).length > 0);
  return needed.length === 0 ? {} : { picking_ids: needed };
}

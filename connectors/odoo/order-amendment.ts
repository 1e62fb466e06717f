import type { CallContext } from '../../domain/connector.ts';
import { add, equals, isZero, sum, type Decimal } from '../../domain/decimal.ts';
import type { Failure } from '../../domain/failure.ts';
import { asFailure } from '../../domain/failure.ts';
import type { ChangeOutcome, OrderChange } from '../../domain/order-changes.ts';
import { ensureAddress, findAddress, type AddressFound } from './addresses.ts';
import { isDirect, planAmendment, type AmendmentWanted, type Refused, type Write } from './amendment-plan.ts';
import type { OdooClient } from './client.ts';
import { decimalOf } from './convert.ts';
import { findLine, inHand, isOpen, keyOf, pickingOf, readDocument, type OrderDocument } from './order-document.ts';
import { readOrder } from './order-reading.ts';
import { readUnits, type Units } from './units.ts';

const MODEL = 'sale.order';

/** The address is told by a note on the transfers otherwise, where somebody is to change it by hand: we did. */
const QUIET = { mail_activity_automation_skip: true } as const;

/**
 * Makes a confirmed order what the change says, and asks the order afterwards what it is: a picker may have been faster.
 * Sent again it finds nothing to do. @throws Failure for silence (then it may have happened: send it again), not for a refusal
 */
export async function amendOrder(client: OdooClient, id: number, change: OrderChange, call: CallContext): Promise<ChangeOutcome> {
  const before = await readDocument(client, id, call);
  const address = change.shipTo === undefined ? undefined : await findAddress(client, { customerId: keyOf(before.order.partner_id), address: change.shipTo, kind: 'delivery' }, call);
  const wanted: AmendmentWanted = { lines: change.lines, addressId: address?.id, requestedOn: change.requestedOn };
  const units: Units = before.lines.some(({ unit, moves }) => moves.some((move) => keyOf(move.product_uom) !== keyOf(unit))) ? await readUnits(client, call) : new Map();
  const plan = planAmendment(before, wanted, units);
  const outcome = plan.kind === 'WRITE' ? await carryOut(client, { before, plan, wanted, units, address }, call) : plan;
  if (outcome.kind === 'DONE') await dropEmptied(client, await readDocument(client, id, call), change, call);
  const order = await readOrder(client, id, call);
  return outcome.kind === 'DONE' ? { kind: 'APPLIED', order } : { kind: 'REFUSED', reason: outcome.reason, detail: outcome.detail, order };
}

interface Step {
  readonly before: OrderDocument;
  readonly plan: Write;
  readonly wanted: AmendmentWanted;
  readonly units: Units;
  readonly address: AddressFound | undefined;
}

async function carryOut(client: OdooClient, { before, plan, wanted, units, address }: Step, call: CallContext): Promise<{ readonly kind: 'DONE' } | Refused> {
  const { id, name } = before.order;
  const addressId = address === undefined ? null : await ensureAddress(client, address, call);
  const refusal = await refusalOf(client.write<unknown>({ model: MODEL, method: 'write', ids: [id], args: { vals: plan.values(addressId) }, context: QUIET }, call));
  const after = await readDocument(client, id, call);
  const late = plan.readdressed.filter((pickingId) => after.pickings.get(pickingId)?.state === 'done');
  if (refusal === null && late.length > 0) return takeBack(client, before, late, call);
  await setAside(client, after, call);
  const left = planAmendment(after, { ...wanted, ...(address !== undefined && { addressId }) }, units);
  if (left.kind === 'REFUSED') return left;
  if (left.kind === 'WRITE') return { kind: 'REFUSED', reason: 'OTHER', detail: refusal?.message ?? `Odoo left ${name} as it was` };
  const astray = wanted.lines.find((line) => !movesFollow(before, after, line, units));
  return astray === undefined ? left : { kind: 'REFUSED', reason: 'OTHER', detail: `the transfers of ${name} do not follow line ${astray.lineNumber}: Odoo still moves another quantity of ${astray.sku}` };
}

/** Odoo's own no is read back from the document; everything else is not known to be one. */
async function refusalOf(work: Promise<unknown>): Promise<Failure | null> {
  const failure = await work.then(() => null, asFailure);
  if (failure !== null && failure.code !== 'UPSTREAM_REJECTED') throw failure;
  return failure;
}

/** Goods left for the old address while the new one was written: the papers say the old one again. */
async function takeBack(client: OdooClient, { order, pickings }: OrderDocument, late: readonly number[], call: CallContext): Promise<Refused> {
  const old = keyOf(order.partner_shipping_id);
  const picking_ids = late.map((id) => [1, id, { partner_id: old }]);
  await client.write<unknown>({ model: MODEL, method: 'write', ids: [order.id], args: { vals: { partner_shipping_id: old, picking_ids } }, context: QUIET }, call);
  return { kind: 'REFUSED', reason: 'SHIPPED', detail: `${late.map((id) => pickings.get(id)?.name).join(', ')} left for the old address meanwhile` };
}

/** A lowered demand has lost its reservation, a raised one wants more. What cannot be reserved now waits, as any order does. */
async function setAside(client: OdooClient, { pickings }: OrderDocument, call: CallContext): Promise<void> {
  const waiting = [...pickings.values()].filter((picking) => isOpen(picking) && picking.state !== 'draft' && picking.picking_type_code === 'outgoing').map(({ id }) => id);
  for (const id of waiting) await refusalOf(client.write<unknown>({ model: 'stock.picking', method: 'action_assign', ids: [id] }, call));
}

/** What is moved of a changed line has changed as much as the line. Kits and deliveries in steps are Odoo's to work out. */
function movesFollow(before: OrderDocument, after: OrderDocument, change: OrderChange['lines'][number], units: Units): boolean {
  const [was, is] = [findLine(before, change), findLine(after, change)];
  if (was === null || is === null || !isDirect(before, was) || units.size > 0) return true;
  const moved = (document: OrderDocument, line: NonNullable<typeof was>): Decimal => sum(line.moves
    .filter((move) => move.state !== 'cancel' && pickingOf(document, move)?.picking_type_code === 'outgoing')
    .map((move) => (isOpen(move) ? decimalOf(move.product_uom_qty) : inHand(move))));
  return equals(add(moved(before, was), decimalOf(is.product_uom_qty)), add(moved(after, is), decimalOf(was.product_uom_qty)));
}

/**
 * Moves that ask for nothing any more are cancelled. Not in the write above: that one must do no harm to a move that is
 * done by then, and this one is written only where it is seen open and empty.
 */
async function dropEmptied(client: OdooClient, document: OrderDocument, change: OrderChange, call: CallContext): Promise<void> {
  const moves = change.lines.flatMap((line) => findLine(document, line)?.moves ?? []);
  const ids = moves.filter((move) => isOpen(move) && isZero(decimalOf(move.product_uom_qty)) && isZero(inHand(move))).map(({ id }) => id);
  if (ids.length > 0) await client.write<unknown>({ model: 'stock.move', method: 'write', ids, args: { vals: { state: 'cancel' } } }, call);
}

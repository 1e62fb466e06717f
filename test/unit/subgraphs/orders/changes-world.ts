import { randomUUID } from 'node:crypto';
import { decimal, type Decimal } from '../../../../domain/decimal.ts';
import type { Principal } from '../../../../domain/principal.ts';
import type { ErpOrder } from '../../../../domain/orders.ts';
import type { ChangeSettings } from '../../../../subgraphs/orders/changes/settings.ts';
import { createChangeOrder, type ChangeOutcome } from '../../../../subgraphs/orders/changes/request-change.ts';
import { readChange } from '../../../../subgraphs/orders/changes/store.ts';
import type { ChangeTools } from '../../../../subgraphs/orders/changes/tools.ts';
import type { ChangeText } from '../../../../subgraphs/orders/changes/validation.ts';
import { workOnChange } from '../../../../subgraphs/orders/changes/work-on-change.ts';
import { createPlaceOrder } from '../../../../subgraphs/orders/placing/place-order.ts';
import { readLines, readOrder } from '../../../../subgraphs/orders/reading/store-reads.ts';
import type { LineRecord, OrderRecord } from '../../../../subgraphs/orders/records.ts';
import { submitOrder } from '../../../../subgraphs/orders/submission/submit-order.ts';
import type { SubmissionTools } from '../../../../subgraphs/orders/submission/tools.ts';
import type { Database } from '../../../../platform/stores/sql.ts';
import type { Tap } from './fakes.ts';
import { basket, principal, QUICK, scopeOf, type World } from './harness.ts';

/* What tests of changes do again and again, in a world of their own. */

const quiet: Tap = () => undefined;

export const changeTools = (world: World, tap: Tap = quiet, settings: Partial<ChangeSettings> = {}, database?: Database): ChangeTools => ({
  ...world.dependencies(tap, database), settings: { ...QUICK.changes, ...settings }, signal: new AbortController().signal,
});

export const submissionTools = (world: World, tap: Tap = quiet): SubmissionTools => ({ ...world.dependencies(tap), settings: QUICK, signal: new AbortController().signal });

export const placed = async (world: World, lines: Record<string, number>, more: object = {}): Promise<OrderRecord> =>
  (await createPlaceOrder(world.dependencies(), QUICK)(basket({ lines: Object.entries(lines).map(([sku, quantity]) => ({ sku, quantity: decimal(quantity) })), ...more }), scopeOf())).order!;

export const current = async (world: World, id: string): Promise<OrderRecord> => (await readOrder(world.database, id))!;
export const linesOf = (world: World, id: string): Promise<readonly LineRecord[]> => readLines(world.database, [id]);
export const documentOf = (world: World, { number }: OrderRecord): ErpOrder | undefined => world.erp.documents.find((document) => document.reference === number);

/** Brings the order to the ERP. */
export async function submitted(world: World, order: OrderRecord): Promise<OrderRecord> {
  await submitOrder(submissionTools(world), { orderId: order.id, attempt: (await current(world, order.id)).attempts });
  return current(world, order.id);
}

export const CLERK = principal('clerk', { kind: 'OPERATIONS', scopes: ['operations'] });

interface Asking {
  readonly who?: Principal;
  readonly tap?: Tap;
  readonly settings?: Partial<ChangeSettings>;
  readonly database?: Database;
}

type Loose = Partial<Omit<ChangeText, 'lines'>> & { readonly lines?: Readonly<Record<number, number | null>> };

const textOf = ({ lines, ...rest }: Loose): ChangeText => ({
  idempotencyKey: randomUUID(), ...rest,
  ...(lines && { lines: Object.entries(lines).map(([lineNumber, quantity]) => ({ lineNumber: Number(lineNumber), quantity: quantity === null ? null : decimal(quantity) })) }),
});

export const ask = (world: World, kind: 'CANCEL' | 'AMEND', orderId: string, input: Loose, { who = principal(), tap = quiet, settings = {}, database }: Asking = {}): Promise<ChangeOutcome> =>
  createChangeOrder(changeTools(world, tap, settings, database))(kind, textOf(input), orderId, scopeOf(who));

/** Works on a change, as its job would, until it asks for nothing more. */
export async function drive(world: World, changeId: string, tap: Tap = quiet): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) {
    const change = (await readChange(world.database, changeId))!;
    if (change.state !== 'REQUESTED' && change.stock !== 'PENDING') return;
    await workOnChange(changeTools(world, tap), { changeId, attempt: change.attempts });
  }
  throw new Error('the change is not over after 50 turns');
}

/** What committed holds of the order keep of a SKU. */
export const heldFor = (world: World, { number }: OrderRecord, sku: string): number =>
  [...world.inventory.holds.values()].filter((held) => held.orderReference === number && held.hold.state === 'COMMITTED')
    .flatMap((held) => held.hold.lines).filter((line) => line.sku === sku).reduce((sum, line) => sum + Number(line.quantity), 0);

/** Everything of a SKU that is held for nobody any more must be back: stock and holds are what there was. */
export const booksOf = (world: World, sku: string): number =>
  [...world.inventory.holds.values()].filter((held) => held.hold.state === 'COMMITTED' || held.hold.state === 'HELD').flatMap((held) => held.hold.lines)
    .filter((line) => line.sku === sku).reduce((sum, line) => sum + Number(line.quantity), Number(world.inventory.stock.get(sku) ?? '0' as Decimal));

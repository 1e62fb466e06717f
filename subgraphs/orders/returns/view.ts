import type { Decimal } from '../../../domain/decimal.ts';
import { keyFromGlobalId } from '../../../domain/ids.ts';
import type { Disposition } from '../../../domain/returns.ts';
import type { Instant } from '../../../domain/time.ts';
import { visibleOrder, type OrdersContext } from '../context.ts';
import { rmaIdOf } from './keyed-request.ts';
import type { ReturnView } from './loaders.ts';
import { erpStateOf, progressOf } from './return-case.ts';
import { dispositionsOf } from './receive-return.ts';
import type { ReturnStatus } from './return-state.ts';

export interface LineView {
  readonly lineNumber: number | null;
  readonly sku: string;
  readonly quantity: Decimal;
  readonly received: Decimal;
  readonly reason: string | null;
  readonly note: string | null;
  readonly dispositions: readonly { readonly disposition: Disposition; readonly quantity: Decimal }[];
}

/** Opaque key inside the global id: ours, or the ERP's id of its document. */
export const keyOf = (view: ReturnView): string => (view.origin === 'GRAPH' ? view.found.rma.id : view.told.id);

export const orderIdOf = (view: ReturnView): string => (view.origin === 'GRAPH' ? view.found.rma.orderId : view.told.orderId);

export const statusOf = (view: ReturnView): ReturnStatus => (view.origin === 'GRAPH' ? progressOf(view.found).status : erpStateOf(view.told));

/** The documents of it in the ERP. */
export function documentsOf(view: ReturnView): { readonly id: string; readonly number: string; readonly state: 'EXPECTED' | 'RECEIVED' | 'CANCELLED'; readonly receivedAt: Instant | null }[] {
  const told = view.origin === 'GRAPH' ? view.found.told : [view.told];
  const documents = told.map((document) => ({ id: document.id, number: document.number, state: erpStateOf(document), receivedAt: document.shippedAt }));
  if (view.origin === 'ERP') return documents;
  const { erpReturnId, erpNumber, erpState } = view.found.rma;
  const isTold = erpReturnId === null || documents.some(({ id }) => id === erpReturnId);
  return isTold ? documents : [{ id: erpReturnId, number: erpNumber!, state: erpState!, receivedAt: null }, ...documents];
}

export function linesOf(view: ReturnView): LineView[] {
  if (view.origin === 'ERP') {
    const { lines, state } = view.told;
    return lines.map(({ sku, quantity }) => ({ lineNumber: null, sku, quantity, received: state === 'SHIPPED' ? quantity : ('0' as Decimal), reason: null, note: null, dispositions: [] }));
  }
  const { found } = view;
  const { received } = progressOf(found);
  return found.lines.map(({ lineNumber, sku, quantity, reason, note }) => ({
    lineNumber, sku, quantity, reason, note, received: received.get(lineNumber)!, dispositions: dispositionsOf(found, lineNumber),
  }));
}

/** When goods came last. */
export function receivedAtOf(view: ReturnView): Instant | null {
  const told = view.origin === 'GRAPH' ? view.found.told : [view.told];
  const times = [...told.flatMap(({ shippedAt }) => shippedAt ?? []), ...(view.origin === 'GRAPH' ? view.found.receipts.map(({ receivedAt }) => receivedAt) : [])];
  return times.sort().at(-1) ?? null;
}

/** The return of this global id, if the caller may see its order. */
export async function visibleReturn(context: OrdersContext, globalReturnId: string): Promise<ReturnView | null> {
  const rmaId = rmaIdOf(globalReturnId);
  const key = keyFromGlobalId('Return', globalReturnId);
  const { ours, erpOnly } = context.returnLoaders;
  const view = (rmaId === null ? null : await ours.load(rmaId)) ?? (key === null ? null : await erpOnly.load(key));
  return view && (await visibleOrder(context, orderIdOf(view))) ? view : null;
}

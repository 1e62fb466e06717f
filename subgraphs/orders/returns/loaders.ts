import DataLoader from 'dataloader';
import type { Database } from '../../../platform/stores/sql.ts';
import type { MemoRow, ReturnCase, ToldReturn } from './records.ts';
import { findOfOrders, readCases, readErpOnly, readErpOnlyById, readStrangeMemos } from './store-cases.ts';

/** A return as the graph shows it: asked for here, or known from the ERP alone. */
export type ReturnView = { readonly origin: 'GRAPH'; readonly found: ReturnCase } | { readonly origin: 'ERP'; readonly told: ToldReturn };

/** One per request: each answers a whole list with a few statements. */
export interface ReturnLoaders {
  readonly ours: DataLoader<string, ReturnView | null>;
  readonly erpOnly: DataLoader<string, ReturnView | null>;
  readonly ofOrder: DataLoader<string, readonly ReturnView[]>;
  readonly strangeMemos: DataLoader<string, readonly MemoRow[]>;
}

export function createReturnLoaders(database: Database): ReturnLoaders {
  const ours = new DataLoader<string, ReturnView | null>(async (ids) => {
    const byId = new Map((await readCases(database, ids)).map((found) => [found.rma.id, found]));
    return ids.map((id) => (byId.has(id) ? { origin: 'GRAPH', found: byId.get(id)! } : null));
  });
  const erpOnly = new DataLoader<string, ReturnView | null>(async (ids) => {
    const byId = new Map((await readErpOnlyById(database, ids)).map((told) => [told.id, told]));
    return ids.map((id) => (byId.has(id) ? { origin: 'ERP', told: byId.get(id)! } : null));
  });
  const ofOrder = new DataLoader<string, readonly ReturnView[]>(async (orderIds) => {
    const [known, told] = await Promise.all([findOfOrders(database, orderIds), readErpOnly(database, orderIds)]);
    const cases = await readCases(database, known.map(({ id }) => id));
    return orderIds.map((orderId) => [
      ...known.flatMap(({ id, ...of }): ReturnView[] => (of.orderId === orderId ? cases.flatMap((found) => (found.rma.id === id ? [{ origin: 'GRAPH', found }] : [])) : [])),
      ...told.flatMap((document): ReturnView[] => (document.orderId === orderId ? [{ origin: 'ERP', told: document }] : [])),
    ]);
  });
  const strangeMemos = new DataLoader<string, readonly MemoRow[]>(async (orderIds) => {
    const memos = await readStrangeMemos(database, orderIds);
    return orderIds.map((orderId) => memos.filter((memo) => memo.orderId === orderId));
  });
  return { ours, erpOnly, ofOrder, strangeMemos };
}

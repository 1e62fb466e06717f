import { ZERO, type Decimal } from '../../../domain/decimal.ts';
import { invalidInput } from '../../../domain/failure.ts';
import { keyFromGlobalId } from '../../../domain/ids.ts';
import { money, type Money } from '../../../domain/money.ts';
import { checkPageSize, decodeCursor, encodeCursor } from '../../graph/paging.ts';
import type { OrdersContext } from '../context.ts';
import { differenceFrom, type Amounts, type Difference } from './refund-amounts.ts';
import { listDifferingMemos, listReturns, type DifferingMemo, type Position, type ReturnFilter } from './store-lists.ts';
import type { ReturnFilterInput } from './types-input.ts';
import type { GraphRefundDifference, GraphRefundDifferenceConnection, GraphReturnConnection } from './types-payload.ts';
import type { GraphReturnAmounts, GraphReturnDifference } from './types.ts';
import type { ReturnView } from './loaders.ts';

/** @throws Failure INVALID_INPUT when the cursor was not made here */
function positionOf(cursor: string | null): Position | null {
  if (cursor === null) return null;
  const [at, id] = decodeCursor(cursor, 2);
  if (typeof at === 'string' && !Number.isNaN(Date.parse(at)) && typeof id === 'string') return { at, id };
  throw invalidInput(['after'], 'after is not a cursor of this list; pass pageInfo.endCursor of the previous page unchanged');
}

function filterOf({ status, payment, orderId, needsAttention }: ReturnFilterInput): ReturnFilter {
  const key = orderId == null ? null : keyFromGlobalId('Order', orderId);
  if (orderId != null && key === null) throw invalidInput(['filter', 'orderId'], 'orderId is not the id of an order');
  return { status: status ?? null, payment: payment ?? null, orderId: key, needsAttention: needsAttention ?? null };
}

/** One page of the returns the caller may see, newest first. */
export async function readReturnPage({ database, visibility, returnLoaders }: OrdersContext, filter: ReturnFilterInput, first: number, after: string | null): Promise<GraphReturnConnection> {
  const limit = checkPageSize(first);
  const rows = await listReturns(database, visibility, filterOf(filter), positionOf(after), limit + 1);
  const shown = rows.slice(0, limit);
  const views = await Promise.all(shown.map(({ origin, id }) => (origin === 'GRAPH' ? returnLoaders.ours : returnLoaders.erpOnly).load(id)));
  // What was read a moment ago may be another thing by now: an ERP's document that is linked to one of ours.
  const edges = shown.flatMap(({ at, id }, index) => (views[index] ? [{ cursor: encodeCursor([at, id]), node: views[index] as ReturnView }] : []));
  const last = shown.at(-1);
  return { edges, nodes: edges.map(({ node }) => node), pageInfo: { hasNextPage: rows.length > limit, endCursor: last ? encodeCursor([last.at, last.id]) : null } };
}

/** One page of the differences of all orders; for finance and operations. */
export async function readDifferencePage({ database, loaders, returnLoaders }: OrdersContext, first: number, after: string | null): Promise<GraphRefundDifferenceConnection> {
  const limit = checkPageSize(first);
  const rows = await listDifferingMemos(database, positionOf(after), limit + 1);
  const shown = rows.slice(0, limit);
  const nodes = await Promise.all(shown.map(async (row): Promise<GraphRefundDifference> => ({
    ...amountsShown(row),
    at: row.at,
    creditMemo: (await loaders.creditMemos.load(row.orderId)).find(({ id }) => id === row.memoId)!,
    order: (await loaders.order.load(row.orderId))!,
    return: row.rmaId === null ? null : await returnLoaders.ours.load(row.rmaId),
  })));
  const last = shown.at(-1);
  return { nodes, pageInfo: { hasNextPage: rows.length > limit, endCursor: last ? encodeCursor([last.at, last.memoId]) : null } };
}

const NOTHING: Amounts = { net: ZERO, tax: ZERO, total: ZERO };

function amountsShown(row: DifferingMemo): Pick<GraphRefundDifference, 'expected' | 'difference'> {
  const { currencyCode, reference, memoTotal, memoTax } = row;
  const difference = differenceFrom(reference === null ? NOTHING : row, { total: memoTotal, tax: memoTax });
  return {
    expected: reference === null ? null : shownAmounts(row, currencyCode),
    difference: shownDifference(difference ?? { total: null, tax: null }, currencyCode),
  };
}

const shown = (amount: Decimal | null, currencyCode: string | null): Money | null => (amount === null || currencyCode === null ? null : money(amount, currencyCode));

export const shownAmounts = ({ net, tax, total }: Amounts, currencyCode: string | null): GraphReturnAmounts => ({
  net: shown(net, currencyCode), tax: shown(tax, currencyCode), total: shown(total, currencyCode),
});

export const shownDifference = ({ total, tax }: Difference, currencyCode: string | null): GraphReturnDifference => ({ total: shown(total, currencyCode), tax: shown(tax, currencyCode) });

import type { Sql } from '../../../platform/stores/sql.ts';
import { MEMO_COLUMNS, type CreditMemoRow } from './records.ts';

/** The ERP's credit memos of these orders, ours and those people made there. */
export const readMemosOfOrders = (sql: Sql, orderIds: readonly string[]): Promise<readonly (CreditMemoRow & { readonly orderId: string })[]> =>
  sql.query(`select ${MEMO_COLUMNS} from orders.credit_memo m where m.order_id = any($1::uuid[]) order by m.order_id, m.number, m.id`, [orderIds]);

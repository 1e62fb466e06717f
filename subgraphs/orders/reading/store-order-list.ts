import type { Sql } from '../../../platform/stores/sql.ts';
import { ORDER_COLUMNS, type OrderRecord } from '../records.ts';
import type { OrderFilter, OrderPosition, OrderSort } from './order-filter.ts';
import type { Visibility } from './store-reads.ts';

/** Collects the values of a statement; answers the name each goes by. */
type Bind = (value: unknown) => string;

function statement(): { readonly values: unknown[]; readonly bind: Bind } {
  const values: unknown[] = [];
  return { values, bind: (value) => `$${values.push(value)}` };
}

/** One for each way a reader may come to see an order: each has an index of its own, which one condition of them all has not. */
function waysToSee({ all, channel, subject, numbers }: Visibility, bind: Bind): readonly string[] {
  if (all && channel === null) return ['true'];
  const parties = numbers.map((number) => bind(number));
  return [
    ...(all ? [`o.channel = ${bind(channel)}`] : []),
    ...(subject === null ? [] : [`o.owner = ${bind(subject)}`]),
    ...parties.flatMap((number) => [`o.customer_number = ${number}`, `o.company_number = ${number}`]),
  ];
}

/** Fewer letters begin too many numbers. */
const SHORTEST_PREFIX = 3;

/** Beyond every character a number begins with. */
const LAST = '\u{10ffff}';

function searchCondition(text: string, bind: Bind): string {
  const whole = bind(text);
  const found = [
    `n.number = ${whole}`,
    `n.erp_number = ${whole}`,
    `n.external_order_id = ${whole}`,
    `lower(n.contact ->> 'email') = ${bind(text.toLowerCase())} and n.contact ->> 'email' is not null`,
    ...(text.length < SHORTEST_PREFIX ? [] : [`n.number ~>=~ ${whole} and n.number ~<~ ${bind(text + LAST)}`]),
  ];
  return `o.id in (${found.map((condition) => `select n.id from orders.sales_order n where ${condition}`).join(' union ')})`;
}

function conditionsOf(filter: OrderFilter, bind: Bind): readonly string[] {
  const given = <T>(value: T | null, condition: (name: string) => string): string[] => (value === null ? [] : [condition(bind(value))]);
  return [
    ...given(filter.states, (states) => `o.state = any(${states}::text[])`),
    ...given(filter.customerNumber, (number) => `o.customer_number = ${number}`),
    ...given(filter.companyNumber, (number) => `o.company_number = ${number}`),
    ...given(filter.channel, (channel) => `o.channel = ${channel}`),
    ...given(filter.placedAfter, (at) => `o.placed_at >= ${at}::timestamptz`),
    ...given(filter.placedBefore, (at) => `o.placed_at < ${at}::timestamptz`),
    ...given(filter.updatedAfter, (at) => `o.updated_at >= ${at}::timestamptz`),
    ...given(filter.sku, (sku) => `exists (select from orders.order_line l where l.order_id = o.id and l.sku = ${sku})`),
    ...(filter.search === null ? [] : [searchCondition(filter.search, bind)]),
    ...(filter.needsAttention === null ? [] : [`o.attention is ${filter.needsAttention ? 'not ' : ''}null`]),
  ];
}

const SORTS: Readonly<Record<OrderSort, { readonly column: string; readonly direction: 'asc' | 'desc'; readonly beyond: '<' | '>' }>> = {
  PLACED_NEWEST: { column: 'placed_at', direction: 'desc', beyond: '<' },
  PLACED_OLDEST: { column: 'placed_at', direction: 'asc', beyond: '>' },
  UPDATED_NEWEST: { column: 'updated_at', direction: 'desc', beyond: '<' },
  UPDATED_OLDEST: { column: 'updated_at', direction: 'asc', beyond: '>' },
};

export interface OrderListing {
  readonly visibility: Visibility;
  readonly filter: OrderFilter;
  readonly sort: OrderSort;
  /** Strictly beyond it; null: from the beginning. */
  readonly after: OrderPosition | null;
  readonly limit: number;
}

/** The statement of a listing, with its values; apart from its execution so that its plan can be looked at. */
export function orderListing({ visibility, filter, sort, after, limit }: OrderListing): { readonly text: string; readonly values: readonly unknown[] } {
  const { values, bind } = statement();
  const { column, direction, beyond } = SORTS[sort];
  const order = (alias: string): string => `order by ${alias}.${column} ${direction}, ${alias}.id ${direction}`;
  const conditions = [
    ...conditionsOf(filter, bind),
    ...(after === null ? [] : [`(o.${column}, o.id) ${beyond} (${bind(after.at)}::timestamptz, ${bind(after.id)}::uuid)`]),
  ];
  const most = bind(limit);
  const page = (way: string): string =>
    `(select o.id, o.${column} from orders.sales_order o where ${[way, ...conditions].join(' and ')} ${order('o')} limit ${most})`;
  const ways = waysToSee(visibility, bind);
  const seen = ways.length === 0 ? `(select null::uuid as id, null::timestamptz as ${column} where false)` : ways.map(page).join(' union ');
  const text = `with page as (select * from (${seen}) seen ${order('seen')} limit ${most})
    select ${ORDER_COLUMNS} from page p join orders.sales_order o on o.id = p.id ${order('p')}`;
  return { text, values };
}

export const listOrders = (sql: Sql, listing: OrderListing): Promise<readonly OrderRecord[]> => {
  const { text, values } = orderListing(listing);
  return sql.query<OrderRecord>(text, values);
};

export async function countOrders(sql: Sql, visibility: Visibility, filter: OrderFilter): Promise<number> {
  const { values, bind } = statement();
  const ways = waysToSee(visibility, bind);
  if (ways.length === 0) return 0;
  const conditions = [`(${ways.join(' or ')})`, ...conditionsOf(filter, bind)];
  const [row] = await sql.query<{ count: string }>(`select count(*) as count from orders.sales_order o where ${conditions.join(' and ')}`, values);
  return Number(row!.count);
}

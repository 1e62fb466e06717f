import type { ErpWitness } from './erp-witness.ts';
import type { Acknowledgement } from './shoppers.ts';
import { query, readPending } from './verdict.ts';

export interface ReplayReport {
  readonly orders: number;
  readonly times: number;
  /** References with another number of documents than one afterwards. */
  readonly doubled: readonly string[];
}

export interface ReplayOptions {
  readonly url: string;
  readonly gateway: string;
  readonly erp: ErpWitness;
  readonly acknowledged: readonly Acknowledgement[];
}

const TIMES = 100;

/**
 * Every order is brought to the ERP a hundred times over: all this house knows of the ERP's document is forgotten, and the
 * submission begins again. Only the look-up by reference stands between that and a second document.
 */
export async function replayOrders({ url, erp, acknowledged }: ReplayOptions): Promise<ReplayReport> {
  const numbers = acknowledged.map(({ number }) => number);
  for (let time = 0; time < TIMES && numbers.length > 0; time += 1) {
    await query(url, `
      update orders.sales_order set submission = 'PENDING', erp_order_id = null, erp_number = null, erp_state = null, erp_updated_at = null, erp_accepted_at = null,
        unsettled_until = null, due_at = clock_timestamp(), state = 'RECEIVED'
      where number = any($1::text[]) and submission = 'DONE'`, [numbers]);
    await query(url, `
      insert into jobs.job (name, data, retry_limit, expire_in)
      select 'submit-order', jsonb_build_object('orderId', id, 'attempt', attempts), 5, interval '300 seconds' from orders.sales_order where number = any($1::text[])`, [numbers]);
    while ((await readPending(url)) > 0) await new Promise((done) => setTimeout(done, 100));
  }
  const documents = await erp.documents();
  return { orders: numbers.length, times: TIMES, doubled: numbers.filter((number) => documents.get(number)?.length !== 1) };
}

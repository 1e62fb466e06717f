import type { Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { addFacts, announceChanges, orderChanged } from '../reading/store-timeline.ts';
import { readOrders } from '../reading/store-reads.ts';
import type { FactKind } from '../reading/timeline-fact.ts';
import { nextStep, paymentOf, progressOf } from './return-case.ts';
import { LANES, type Lane, type ReturnCase } from './records.ts';
import type { ReturnPayment, ReturnStatus } from './return-state.ts';
import { findOfOrders, readCases } from './store-cases.ts';
import { endAttention, planWork, type ReturnJob } from './store-work.ts';

export interface Touch {
  /** For people. */
  readonly told: string;
  /** Absent: by the status it comes to. */
  readonly kind?: FactKind;
}

export interface ReturnCause {
  readonly at: Instant;
  /** "graph", or the connector instance that told. */
  readonly source: string;
  /** Returns that changed even if nothing follows from it, each with what people should read of it. */
  readonly touched: ReadonlyMap<string, Touch>;
  /** When the sweep looks after planned work; callers that enqueue the answered jobs themselves give it time. */
  readonly dueAt: Instant;
}

interface Change {
  readonly found: ReturnCase;
  readonly status: ReturnStatus;
  readonly payment: ReturnPayment;
}

/**
 * Derives status and payment of the returns of these orders from their facts, writes what changed, tells the timeline and the
 * subscribers, and plans what is to be done next. Callers hold the orders' rows. Answers the work it planned.
 */
export async function settleReturns(tx: Sql, orderIds: readonly string[], cause: ReturnCause): Promise<readonly ReturnJob[]> {
  const ids = (await findOfOrders(tx, orderIds)).map(({ id }) => id);
  if (ids.length === 0) return [];
  await tx.query('select 1 from orders.rma where id = any($1::uuid[]) order by id for update', [ids]);
  const cases = await readCases(tx, ids);
  const changes = cases.flatMap((found) => changeOf(found, cause) ?? []);
  await writeChanges(tx, changes, cause);
  await tellOrders(tx, changes, cause);
  return planAll(tx, cases, cause);
}

function changeOf(found: ReturnCase, { touched }: ReturnCause): Change | null {
  const progress = progressOf(found);
  const [status, payment] = [progress.status, paymentOf(found, progress)];
  const isChanged = status !== found.rma.status || payment !== found.rma.payment || touched.has(found.rma.id);
  return isChanged ? { found, status, payment } : null;
}

const writeChanges = (tx: Sql, changes: readonly Change[], { at }: ReturnCause): Promise<number> =>
  tx.run(
    `update orders.rma r set status = c.status, payment = c.payment, changed_at = $2
     from jsonb_to_recordset($1::jsonb) as c(id uuid, status text, payment text) where r.id = c.id`,
    [JSON.stringify(changes.map(({ found, status, payment }) => ({ id: found.rma.id, status, payment }))), at],
  );

/** "return RT-… PARTLY_RECEIVED, payment DUE: what was done". */
function detailOf({ found: { rma }, status, payment }: Change, { touched }: ReturnCause): string {
  const news = [...(status === rma.status && touched.has(rma.id) ? [] : [status]), ...(payment === rma.payment ? [] : [`payment ${payment}`])];
  const why = touched.get(rma.id)?.told;
  return `return ${rma.number}${news.length > 0 ? ` ${news.join(', ')}` : ''}${why ? `: ${why}` : ''}`;
}

const KIND_OF_STATUS: Readonly<Record<ReturnStatus, FactKind>> = {
  REQUESTED: 'RETURN_REQUESTED', AUTHORISED: 'RETURN_AUTHORISED', DECLINED: 'RETURN_DECLINED', CANCELLED: 'RETURN_CANCELLED', EXPECTED: 'CHANGED',
  PARTLY_RECEIVED: 'RETURN_RECEIVED', RECEIVED: 'RETURN_RECEIVED', CLOSED: 'CHANGED',
};

const kindOf = ({ found: { rma }, status }: Change, { touched }: ReturnCause): FactKind =>
  touched.get(rma.id)?.kind ?? (status === rma.status ? 'CHANGED' : KIND_OF_STATUS[status]);

async function tellOrders(tx: Sql, changes: readonly Change[], cause: ReturnCause): Promise<void> {
  if (changes.length === 0) return;
  const orders = new Map((await readOrders(tx, [...new Set(changes.map(({ found }) => found.rma.orderId))])).map((order) => [order.id, order]));
  await addFacts(tx, changes.map((change) => {
    const detail = detailOf(change, cause);
    return { orderId: change.found.rma.orderId, kind: kindOf(change, cause), fact: `${cause.at} ${detail}`, at: cause.at, source: cause.source, detail };
  }));
  await announceChanges(tx, [...orders.values()].map((order) => orderChanged(order, cause.at)));
}

async function planAll(tx: Sql, cases: readonly ReturnCase[], { at, dueAt }: ReturnCause): Promise<readonly ReturnJob[]> {
  const jobs: ReturnJob[] = [];
  for (const found of cases) {
    const isIn = (state: string, hasStep: boolean) => (lane: Lane): boolean => found.work[lane].state === state && (nextStep(found, lane) !== null) === hasStep;
    const [idle, over] = [LANES.filter(isIn('NONE', true)), LANES.filter(isIn('ATTENTION', false))];
    if (idle.length > 0) jobs.push(...(await planWork(tx, found.rma.id, idle, { now: at, dueAt })));
    if (over.length > 0) await endAttention(tx, found.rma.id, over);
  }
  return jobs;
}

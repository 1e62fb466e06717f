import type { Mutation } from '../mutations/mutation.ts';

const PLACING = 'subgraphs/orders/placing';
const SUBMISSION = 'subgraphs/orders/submission';
const FOLLOWING = 'subgraphs/orders/following';

const NOT_CLAIMED = {
  file: `${SUBMISSION}/store-submission.ts`,
  find: `[order.id, order.unsettledUntil, until, order.revision],
  )) === 1;`,
  replace: `[order.id, order.unsettledUntil, until, order.revision],
  )) >= 0;`,
};

const SENDING: readonly Mutation[] = [
  {
    name: 'resend without look-up', mistake: 'what is to be sent is sent, whether the ERP has it by now or not',
    edits: [{ file: `${SUBMISSION}/erp-order.ts`, find: 'const found = await ask((call) => port.findOrder(order.reference, call));', replace: 'const found = null as ErpOrder | null;' }],
  },
  {
    name: 'no wait after silence', mistake: 'what was not answered is looked up and sent again at once: what is still under way arrives beside it',
    edits: [{ file: `${SUBMISSION}/sending.ts`, find: 'instant(beganMs + 2 * callTimeoutMs + settleAfterSilenceMs)', replace: 'instant(beganMs + callTimeoutMs)' }],
  },
  {
    name: 'unsettledUntil not respected', mistake: 'until when something may still arrive is written down and not looked at',
    edits: [{ file: `${SUBMISSION}/erp-order.ts`, find: 'if (!found && settling.remainingMs > 0) {', replace: 'if (!found && settling.remainingMs > Infinity) {' }],
  },
  {
    name: '504 taken for a no', mistake: 'an error of whoever stands before the ERP is taken for its word that nothing was done',
    edits: [{ file: `${SUBMISSION}/erp-order.ts`, find: `if (failure.unprocessed) await settling.record('ERROR');`, replace: `if (failure.code !== 'UPSTREAM_TIMEOUT') await settling.record('ERROR');` }],
  },
  {
    name: 'sending claimed always', mistake: 'whoever holds the lock sends: a lock is lost with its connection',
    edits: [NOT_CLAIMED],
  },
  {
    name: 'no lock, no attempt, no claim', mistake: 'a job is for one worker, so nothing keeps two from one order',
    edits: [
      NOT_CLAIMED,
      { file: `${SUBMISSION}/submit-order.ts`, find: 'await database.tryWithLock(`submit ${job.orderId}`, async () => {', replace: 'await ((_name: string, work: () => Promise<void>) => work())(`submit ${job.orderId}`, async () => {' },
      { file: `${SUBMISSION}/submit-order.ts`, find: `if (order?.submission !== 'PENDING' || order.attempts !== job.attempt) return;`, replace: `if (order?.submission !== 'PENDING') return;` },
    ],
  },
];

const ATTENTION: readonly Mutation[] = [
  {
    name: 'dead letter over confirmed', mistake: 'a refusal that comes late asks for a person, although another worker has brought the order to the ERP by then',
    edits: [{ file: `${SUBMISSION}/store-submission.ts`, find: `where id = $1 and submission = 'PENDING' and erp_accepted_at is null`, replace: `where id = $1 and submission in ('PENDING', 'DONE')` }],
  },
];

const KEYS: readonly Mutation[] = [
  {
    name: 'ack before commit', mistake: 'the key is answered with an order beside the transaction that writes the order',
    edits: [{ file: `${PLACING}/placement-attempt.ts`, find: 'if (!(await settlePlaced(tx, claim, claim.orderId)))', replace: 'if (!(await settlePlaced(tools.database, claim, claim.orderId)))' }],
  },
  {
    name: 'told before it is reserved', mistake: 'the answer does not wait for the hold to become final',
    edits: [{
      file: `${PLACING}/place-order.ts`, find: 'const confirmed = await confirmHold(tools, order).catch(',
      replace: `const confirmed = await Promise.race([Promise.resolve('RESERVED' as const), confirmHold(tools, order)]).catch(`,
    }],
  },
  {
    name: 'key checked outside the transaction', mistake: 'that the key is still ours is found out before, and not with the order: who was slow writes a second one',
    edits: [
      { file: `${PLACING}/placement-attempt.ts`, find: `if (!(await settlePlaced(tx, claim, claim.orderId))) throw new Undo('CLAIM_LOST');`, replace: 'await settlePlaced(tx, claim, claim.orderId);' },
      { file: `${PLACING}/store-claims.ts`, find: `order_id = case c.state when 'REFUSED' then excluded.order_id else c.order_id end,`, replace: 'order_id = excluded.order_id,' },
      { file: `${PLACING}/store-claims.ts`, find: `order_number = case c.state when 'REFUSED' then excluded.order_number else c.order_number end,`, replace: 'order_number = excluded.order_number,' },
      { file: 'subgraphs/orders/migrations/0001-orders.ts', find: 'create unique index sales_order_key', replace: 'create index sales_order_key' },
    ],
  },
  {
    name: 'any payload for a key', mistake: 'a key is answered without asking whether it is the same order',
    edits: [{ file: `${PLACING}/place-order.ts`, find: 'if (row.payloadHash !== request.payloadHash) {', replace: `if (row.payloadHash === '') {` }],
  },
];

const COMPENSATION: readonly Mutation[] = [
  {
    name: 'compensation lost: hold kept', mistake: 'what was held for an order that another was quicker with is left to expire',
    edits: [{ file: `${PLACING}/placement-attempt.ts`, find: `  await release();
  return answerEarlier(tools, request, claim);`, replace: '  return answerEarlier(tools, request, claim);' }],
  },
  {
    name: 'compensation lost: order kept', mistake: 'an order whose stock is gone is refused to the buyer and left as it is',
    edits: [{ file: `${PLACING}/hold-confirmation.ts`, find: 'if (!hold && (await cancelForLostHold(tools.database, order, instant(tools.clock.now())))) return', replace: 'if (!hold) return' }],
  },
];

const TELLING: readonly Mutation[] = [
  {
    name: 'acceptance not told', mistake: 'the stock ledger is not told that the ERP has the order',
    edits: [{ file: `${SUBMISSION}/submit-order.ts`, find: 'await clients.inventory.markAccepted({', replace: 'void ({' }],
  },
  {
    name: 'second document linked', mistake: 'an order follows whatever document named it last',
    edits: [{ file: `${FOLLOWING}/store-erp-orders.ts`, find: '} else if (order.erpOrderId !== null && order.erpOrderId !== document.id && !givesWay(order, document)) {', replace: `} else if (order.erpOrderId === '') {` }],
  },
  {
    name: 'malformed taken for a no', mistake: 'an answer that cannot be read is taken for a refusal',
    edits: [
      { file: `${SUBMISSION}/erp-order.ts`, find: `['UPSTREAM_REJECTED', 'INVALID_INPUT', 'UNSUPPORTED'];`, replace: `['UPSTREAM_REJECTED', 'INVALID_INPUT', 'UNSUPPORTED', 'UPSTREAM_MALFORMED'];` },
    ],
  },
];

export const ORDER_MUTATIONS: readonly Mutation[] = [...SENDING, ...ATTENTION, ...KEYS, ...COMPENSATION, ...TELLING];

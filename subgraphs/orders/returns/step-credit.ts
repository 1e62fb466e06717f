import type { ReturnPort } from '../../../domain/connector.ts';
import { Failure } from '../../../domain/failure.ts';
import type { CreditMemoRecord, NewCreditMemo } from '../../../domain/returns.ts';
import { builtInMappings } from '../codes/built-in.ts';
import { createCodeBook, unmapped, type CodeNeed } from '../codes/code-map.ts';
import { readMappings } from '../codes/store.ts';
import { recordCreditMemos } from '../following/store-credit-memos.ts';
import { ensureOnce } from './ensure-once.ts';
import type { RefundRecord } from './records.ts';
import { erpSkuOf, memoOf } from './return-case.ts';
import { needErpOrder, record, settlingOf, type AtErp } from './steps.ts';
import { forgetUnsettled } from './store-work.ts';
import { nowOf } from './tools.ts';

type MemoPort = ReturnPort & Required<Pick<ReturnPort, 'findCreditMemo' | 'createCreditMemo'>>;

const canCredit = (port: ReturnPort): port is MemoPort => port.findCreditMemo !== undefined && port.createCreditMemo !== undefined;

/** Has the ERP give the money back, once. @throws Failure */
export async function credit(at: AtErp, refund: RefundRecord): Promise<void> {
  const { tools, found, owned, ask } = at;
  const { port, source } = owned;
  if (!canCredit(port)) throw new Failure('UNSUPPORTED', `${source} takes no credit memos from here; make it there under the reference ${refund.reference}`);
  const memo = await newMemoOf(at, refund);
  const settling = settlingOf(tools, found, 'MONEY');
  const known = memoOf(found, refund);
  const document = known === null
    ? await ensureOnce(ask, { find: (call) => port.findCreditMemo(memo.reference, call), create: (call) => port.createCreditMemo(memo, call) }, settling)
    : await ask((call) => port.findCreditMemo(memo.reference, call));
  if (!document) throw new Failure('UPSTREAM_REJECTED', `the ERP no longer has ${known?.number}; see what became of it there`);
  const posted = document.state === 'DRAFT' && port.postCreditMemo ? await ask((call) => port.postCreditMemo!(document.id, call)) : document;
  await keep(at, posted);
  if (posted.state === 'DRAFT') throw new Failure('UPSTREAM_REJECTED', `the ERP keeps credit memo ${posted.number} as a draft; post it there`);
}

/** The memo as its feed would tell it, then what follows from it here. */
async function keep({ tools, found, owned: { source } }: AtErp, memo: CreditMemoRecord): Promise<void> {
  await tools.database.transaction((tx) => recordCreditMemos(tx, [memo], { source, at: nowOf(tools) }));
  await record(tools, found, { source, told: { told: `credit memo ${memo.number} of ${memo.total.amount} ${memo.total.currencyCode} ${memo.state}`, ...(memo.state === 'POSTED' && { kind: 'CREDITED' }) } }, async (tx) => {
    await forgetUnsettled(tx, { rmaId: found.rma.id, lane: 'MONEY' });
  });
}

/** In the ERP's words. @throws Failure definite, naming every charge code nobody has mapped */
async function newMemoOf({ tools, found, order, owned: { source } }: AtErp, refund: RefundRecord): Promise<NewCreditMemo> {
  const needs = refund.charges.map(({ code }): CodeNeed => ({ kind: 'CHARGE', ours: code }));
  const codes = createCodeBook(source, await readMappings(tools.database, source, needs, builtInMappings(tools.config, source)));
  const missing = needs.filter(({ kind, ours }) => codes.their(kind, ours) === null);
  if (missing.length > 0) {
    const failure = unmapped(source, missing);
    throw new Failure(failure.code, failure.message.replaceAll('retryOrder', 'retryReturn'), { system: source });
  }
  return {
    reference: refund.reference,
    orderId: needErpOrder(order),
    reason: refund.reason,
    lines: refund.lines.map(({ lineNumber, quantity }) => ({ sku: erpSkuOf(found, lineNumber), quantity })),
    charges: refund.charges.map(({ code, description, amount, lineNumber }) => ({
      code: codes.their('CHARGE', code)!, description, amount, ...(lineNumber !== undefined && { taxedAs: erpSkuOf(found, lineNumber) }),
    })),
  };
}

import type { CallContext, ReturnPort } from '../../domain/connector.ts';
import { Failure } from '../../domain/failure.ts';
import type { ErpReturn, NewReturn } from '../../domain/returns.ts';
import type { OdooClient } from './client.ts';
import { createCreditMemo, findCreditMemo, listCreditMemos, postCreditMemo } from './credit-memos.ts';
import { orderIdOf } from './order-reading.ts';
import { writeReturn } from './return-creating.ts';
import { findReturnDocument, isOpen, readReturnDocument, returnOf, type ReturnDocument } from './return-reading.ts';
import { takeIn } from './return-receiving.ts';
import type { ReadTopology } from './topology.ts';

export function returnPort(client: OdooClient, topologyAt: ReadTopology): ReturnPort {
  return {
    findReturn: async (reference, call) => {
      const found = await findReturnDocument(client, reference, call);
      return found === null ? null : returnOf(client, found);
    },
    createReturn: (request, call) => createReturn(client, request, call),
    receiveReturn: async (id, lines, call) => {
      const document = await readPlanned(client, orderIdOf(client, id), call);
      const before = returnOf(client, document);
      if (before.state === 'RECEIVED') return before;
      if (before.state === 'CANCELLED') throw refusal(client, before, 'is cancelled: nothing can be taken in');
      await takeIn(client, topologyAt, document, lines, call);
      return returnOf(client, await readReturnDocument(client, document.root.id, call));
    },
    cancelReturn: (id, call) => cancelReturn(client, orderIdOf(client, id), call),
    findCreditMemo: (reference, call) => findCreditMemo(client, reference, call),
    createCreditMemo: (memo, call) => createCreditMemo(client, memo, call),
    postCreditMemo: (id, call) => postCreditMemo(client, Number(id), call),
    listCreditMemos: (page, call) => listCreditMemos(client, page, call),
  };
}

/** One with this reference that is not cancelled is the return, also one whose planning was lost. */
async function createReturn(client: OdooClient, request: NewReturn, call: CallContext): Promise<ErpReturn> {
  const known = await findReturnDocument(client, request.reference, call);
  const id = known?.transfers.some(({ state }) => state !== 'cancel') === true ? known.root.id : await writeReturn(client, request, call);
  return returnOf(client, await readPlanned(client, id, call));
}

/** A draft is planned first: it was written by a call that got no further. */
async function readPlanned(client: OdooClient, id: number, call: CallContext): Promise<ReturnDocument> {
  const document = await readReturnDocument(client, id, call);
  const drafts = document.transfers.filter(({ state }) => state === 'draft').map((row) => row.id);
  if (drafts.length === 0) return document;
  await client.write<unknown>({ model: 'stock.picking', method: 'action_confirm', ids: drafts }, call);
  return readReturnDocument(client, id, call);
}

/** What is in stays in; what is still expected is expected no more. */
async function cancelReturn(client: OdooClient, id: number, call: CallContext): Promise<ErpReturn> {
  const document = await readReturnDocument(client, id, call);
  const before = returnOf(client, document);
  if (before.state === 'CANCELLED') return before;
  if (before.state === 'RECEIVED') throw refusal(client, before, 'is received: nothing is left to be cancelled');
  await client.write<unknown>({ model: 'stock.picking', method: 'action_cancel', ids: document.transfers.filter(isOpen).map((row) => row.id) }, call);
  const after = returnOf(client, await readReturnDocument(client, id, call));
  if (after.state === 'EXPECTED') throw refusal(client, after, 'is still expected after it was cancelled');
  return after;
}

const refusal = (client: OdooClient, { number, state }: ErpReturn, what: string): Failure =>
  new Failure('UPSTREAM_REJECTED', `${number} ${what}`, { system: client.system, vendorCode: state });

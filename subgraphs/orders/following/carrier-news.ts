import { createHash } from 'node:crypto';
import type { Clock } from '../../../platform/clock.ts';
import type { Database, Sql } from '../../../platform/stores/sql.ts';
import { globalId, keyFromGlobalId } from '../../../domain/ids.ts';
import type { Principal } from '../../../domain/principal.ts';
import { addMs, instant, type Instant } from '../../../domain/time.ts';
import { userError, UserErrorCode, type GraphUserError } from '../../graph/user-error.ts';
import { checkText, type Problem } from '../placing/text-validation.ts';
import { trackingKey } from './parcels.ts';
import { announceShipments } from './store-announcements.ts';
import { findShipmentsOfNews, insertNews, isRepeated, readNewsByKey, type NewCarrierNews } from './store-carrier-news.ts';
import { lockFacts, settleOrders } from './store-facts.ts';
import type { GraphCarrierNewsWarning, GraphRecordCarrierNewsPayload, RecordCarrierNewsInput } from './types.ts';

export interface CarrierNewsTools {
  readonly database: Database;
  readonly clock: Clock;
}

/** A carrier's clock may be ahead of ours by this much. */
const AHEAD_MS = 3_600_000;

/**
 * Keeps what a carrier said and lets follow from it what does: parcels' progress, the order's state, who may be told. In one
 * transaction; a key used before answers what was kept then.
 */
export async function recordCarrierNews({ database, clock }: CarrierNewsTools, input: RecordCarrierNewsInput, principal: Principal): Promise<GraphRecordCarrierNewsPayload> {
  const receivedAt = instant(clock.now());
  const checked = checkNews(input, principal, receivedAt);
  if ('userErrors' in checked) return refused(checked.userErrors);
  return database.transaction(async (tx) => {
    await lockFacts(tx);
    const id = await insertNews(tx, checked.news);
    return id === null ? answerEarlier(tx, checked.news) : applyNews(tx, id, checked.news);
  });
}

const refused = (userErrors: readonly GraphUserError[]): GraphRecordCarrierNewsPayload => ({ news: null, shipmentIds: [], userErrors, warnings: [] });

async function applyNews(tx: Sql, id: string, news: NewCarrierNews): Promise<GraphRecordCarrierNewsPayload> {
  const [shipments, repeated] = [await findShipmentsOfNews(tx, id), await isRepeated(tx, id)];
  if (!repeated) {
    const orderIds = [...new Set(shipments.flatMap(({ orderId }) => orderId ?? []))];
    await announceShipments(tx, shipments.map((shipment) => shipment.id), news.receivedAt);
    await settleOrders(tx, orderIds, { at: news.receivedAt, source: news.reportedBy, touched: new Set(orderIds) });
  }
  return answer(news, shipments, repeated);
}

async function answerEarlier(tx: Sql, news: NewCarrierNews): Promise<GraphRecordCarrierNewsPayload> {
  const earlier = (await readNewsByKey(tx, news.reportedBy, news.idempotencyKey))!;
  if (earlier.payloadHash !== news.payloadHash) {
    return refused([userError(UserErrorCode.CONFLICT, ['idempotencyKey'], 'this idempotencyKey was used for other news; send a new key')]);
  }
  return answer(earlier, await findShipmentsOfNews(tx, earlier.id), await isRepeated(tx, earlier.id));
}

function answer(news: Omit<NewCarrierNews, 'idempotencyKey' | 'payloadHash' | 'receivedAt'>, shipments: readonly { readonly id: string }[], repeated: boolean): GraphRecordCarrierNewsPayload {
  const warnings: GraphCarrierNewsWarning[] = [
    ...(shipments.length > 0 ? [] : [{ code: 'PARKED' as const, message: 'no shipment has this tracking number yet; it is kept for the one that will' }]),
    ...(repeated ? [{ code: 'REPEATED' as const, message: 'the same was brought before under another key; nothing was changed' }] : []),
  ];
  return { news, shipmentIds: shipments.map(({ id }) => globalId('Shipment', id)), userErrors: [], warnings };
}

type Checked = { readonly news: NewCarrierNews } | { readonly userErrors: readonly GraphUserError[] };

function checkNews(input: RecordCarrierNewsInput, { subject }: Principal, receivedAt: Instant): Checked {
  const problems: Problem[] = [];
  const idempotencyKey = checkText(input.idempotencyKey, ['idempotencyKey'], 200, 'IDENTIFIER', problems);
  const trackingNumber = checkTrackingNumber(input.trackingNumber, problems);
  const location = checkText(input.location, ['location'], 200, 'FREE_TEXT', problems);
  const detail = checkText(input.detail, ['detail'], 500, 'FREE_TEXT', problems);
  const shipmentId = input.shipmentId == null ? null : keyFromGlobalId('Shipment', input.shipmentId);
  if (idempotencyKey === null) problems.push({ field: ['idempotencyKey'], message: 'idempotencyKey must not be empty; send the carrier\'s own id of the message' });
  if (trackingNumber === null) problems.push({ field: ['trackingNumber'], message: 'trackingNumber must not be empty' });
  if (input.shipmentId != null && shipmentId === null) problems.push({ field: ['shipmentId'], message: 'shipmentId is not the id of a shipment' });
  if (input.at > addMs(receivedAt, AHEAD_MS)) problems.push({ field: ['at'], message: 'at is in the future; send when it happened, in UTC' });
  if (problems.length > 0 || idempotencyKey === null || trackingNumber === null) {
    return { userErrors: problems.map(({ field, message }) => userError(UserErrorCode.INVALID_INPUT, field, message)) };
  }
  const said = { trackingKey: trackingKey(trackingNumber), shipmentId, kind: input.kind, at: input.at, location, detail };
  const payloadHash = createHash('sha256').update(JSON.stringify(said)).digest('hex');
  return { news: { ...said, trackingNumber, reportedBy: subject, idempotencyKey, payloadHash, receivedAt } };
}

/** Many carriers' numbers are 16 digits and more with a check digit of the cards' kind: they are no cards. */
function checkTrackingNumber(value: string, problems: Problem[]): string | null {
  const text = value.trim();
  if (text === '') return null;
  if (text.length > 100 || /\p{Cc}/u.test(text) || !text.isWellFormed()) problems.push({ field: ['trackingNumber'], message: 'trackingNumber has at most 100 characters, and no control characters' });
  return text;
}

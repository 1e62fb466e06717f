import Negotiator from 'negotiator';
import { createBoundedCache } from '../../execution/bounded-cache.ts';

/** The types an answer can have, ours first where the client does not care. */
const OFFERED = ['application/json; charset=utf-8', 'application/graphql-response+json; charset=utf-8'];
const MAX_FORMS = 100;
const MAX_LENGTH = 200;

const chosen = createBoundedCache<string>(MAX_FORMS);

/** The type a client wants its answer in; null: none of ours. */
export function chooseMediaType(accept: string | undefined): string | null {
  if (accept === undefined) return OFFERED[0]!;
  const known = chosen.get(accept);
  if (known !== undefined) return known;
  const type = new Negotiator({ headers: { accept } }).mediaType(OFFERED);
  if (type !== undefined && isCommon(accept)) chosen.set(accept, type);
  return type ?? null;
}

/** Not so long that reading it would be the greater part of the work. */
export const isCommon = (accept: string | undefined): boolean => accept === undefined || accept.length <= MAX_LENGTH;

const EVENT_STREAM = 'text/event-stream';

/** Whether a client would rather have events than JSON: those that can read both list both, and want a plain answer plain. */
export const prefersEventStream = (accept: string | undefined): boolean =>
  accept !== undefined && accept.includes(EVENT_STREAM) && new Negotiator({ headers: { accept } }).mediaType([...OFFERED, EVENT_STREAM]) === EVENT_STREAM;

/** The older type says 200 to whatever is well-formed JSON with a well-formed request in it; its clients read no body else. */
export const isPlainJson = (mediaType: string): boolean => mediaType === OFFERED[0];

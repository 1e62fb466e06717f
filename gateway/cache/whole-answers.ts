import { LRUCache } from 'lru-cache';
import { audienceOf, type Principal } from '../../domain/principal.ts';
import type { Clock } from '../../platform/clock.ts';
import type { PreparedOperation } from '../pipeline/prepared-operation.ts';
import type { CacheFacts, CacheScope, Invalidations } from './facts.ts';
import type { RecentWriters } from './recent-writers.ts';

/** An answer as it was sent, for whoever may ask the same. */
export interface KeptAnswer {
  readonly body: Buffer;
  /** Quoted, of the body: equal answers have equal tags on every node. */
  readonly etag: string;
  readonly scope: CacheScope;
  readonly tags: readonly string[];
  /** Of its oldest part when it was kept. */
  readonly ageMs: number;
  readonly keptAtMs: number;
  readonly freshUntilMs: number;
}

/**
 * Whole answers in this process's memory. An answer is kept as long as the shortest-lived of its parts, and gone as soon as
 * any of its tags is: it can be no older than what it was made of.
 */
export interface WholeAnswers {
  /** Null: nothing that may be repeated now. */
  find(operation: PreparedOperation): KeptAnswer | null;
  /** Keeps it if that may be done. */
  keep(operation: PreparedOperation, body: Buffer, etag: string, facts: CacheFacts): void;
  close(): void;
}

export interface WholeAnswersOptions {
  readonly invalidations: Invalidations;
  readonly writers: Pick<RecentWriters, 'includes'>;
  readonly clock: Clock;
  /** Of bodies and keys. */
  readonly maxBytes: number;
}

/** Beside the body: key, tags, entry. */
const OVERHEAD_BYTES = 1_024;

export function createWholeAnswers({ invalidations, writers, clock, maxBytes }: WholeAnswersOptions): WholeAnswers {
  const keysOf = new Map<string, Set<string>>();
  const forget = (key: string, { tags }: KeptAnswer): void => {
    for (const tag of tags) {
      const keys = keysOf.get(tag);
      if (keys?.delete(key) && keys.size === 0) keysOf.delete(tag);
    }
  };
  const answers = new LRUCache<string, KeptAnswer>({
    maxSize: maxBytes,
    sizeCalculation: ({ body }, key) => body.byteLength + key.length + OVERHEAD_BYTES,
    dispose: (answer, key) => forget(key, answer),
  });
  const stop = invalidations.onInvalidated((tags) => {
    if (tags === 'ALL') return answers.clear();
    for (const tag of tags) for (const key of [...(keysOf.get(tag) ?? [])]) answers.delete(key);
  });
  return {
    find: (operation) => {
      // Who does not follow the changes does not know what has changed.
      if (operation.operation.operation !== 'query' || answers.size === 0 || invalidations.mark() === null || writers.includes(operation.scope)) return null;
      const asked = askedOf(operation);
      const found = answers.get(asked + privateAudience(operation)) ?? answers.get(asked + publicAudience(operation));
      return found && found.freshUntilMs > clock.now() ? found : null;
    },
    keep: (operation, body, etag, { scope, tags, ageMs, freshForMs, mark, stale }) => {
      if (operation.operation.operation !== 'query' || freshForMs <= 0 || stale.length > 0 || invalidations.changedSince(tags, mark)) return;
      const key = askedOf(operation) + (scope === 'PUBLIC' ? publicAudience(operation) : privateAudience(operation));
      const keptAtMs = clock.now();
      answers.set(key, { body, etag, scope, tags, ageMs, keptAtMs, freshUntilMs: keptAtMs + freshForMs });
      if (!answers.has(key)) return;
      for (const tag of tags) keysOf.set(tag, (keysOf.get(tag) ?? new Set()).add(key));
    },
    close: () => {
      stop();
      answers.clear();
    },
  };
}

const ids = new WeakMap<object, number>();
let lastId = 0;

/** Documents are read once and kept: their number stands for their text, and for the graph that read it. */
function idOf(document: object): number {
  let id = ids.get(document);
  if (id === undefined) ids.set(document, (id = ++lastId));
  return id;
}

const askedOf = ({ operation, variables }: PreparedOperation): string => `${idOf(operation)}\n${JSON.stringify(variables)}\n`;

const audiences = new WeakMap<Principal, string>();

function audience(principal: Principal): string {
  let known = audiences.get(principal);
  if (known === undefined) audiences.set(principal, (known = JSON.stringify([principal.subject, audienceOf(principal)])));
  return known;
}

/** Everything that a caller is or says of himself. */
function privateAudience({ scope: { principal, shopping } }: PreparedOperation): string {
  return `PRIVATE ${audience(principal)} ${JSON.stringify([shopping.channel, shopping.locale, shopping.currencyCode, shopping.companyLocation])}`;
}

/** What decides on what everybody may see alike: where one shops, and what one may do at all. */
function publicAudience({ scope: { principal, shopping } }: PreparedOperation): string {
  return `PUBLIC ${JSON.stringify([principal.kind, principal.scopes, shopping.channel, shopping.locale, shopping.currencyCode])}`;
}

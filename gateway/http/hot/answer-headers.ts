import { hasScope } from '../../../domain/principal.ts';
import type { CacheScope } from '../../cache/facts.ts';
import type { PreparedOperation } from '../../pipeline/prepared-operation.ts';

/** Everything that decides on an answer, so that no cache between us and the client mixes callers up. */
const VARY = 'Origin, Accept, Authorization, X-Api-Key, X-Channel, X-Locale, X-Currency, X-Company-Location';

/** What is known of an answer as it leaves. */
export interface AnswerFacts {
  readonly scope: CacheScope;
  readonly freshForMs: number;
  readonly ageMs: number;
  readonly tags: readonly string[];
}

export interface Caching {
  readonly status: 'HIT' | 'MISS';
  /** Null: it may not be repeated. */
  readonly facts: AnswerFacts | null;
  readonly etag: string;
  /** The longest that a shared cache outside, which hears of no change, may repeat what is everybody's. */
  readonly sharedMaxAgeMs: number;
}

/**
 * Headers for caches outside. They hear of no change: what is one caller's own is asked for again each time (with its
 * entity tag, so that an unchanged answer is not sent), what is everybody's may be repeated for a short while by those who
 * GET it.
 */
export function cachingHeaders({ status, facts, etag, sharedMaxAgeMs }: Caching, method: string, { scope: { principal } }: PreparedOperation): Record<string, string> {
  if (!facts) return { 'cache-control': 'no-store' };
  const headers: Record<string, string> = { 'cache-control': method === 'GET' ? controlOf(facts, sharedMaxAgeMs) : 'no-store', vary: VARY };
  if (method === 'GET') headers['etag'] = etag;
  if (hasScope(principal, 'operations')) Object.assign(headers, { 'x-cache': status, 'x-cache-age-ms': String(Math.round(facts.ageMs)), 'x-cache-scope': facts.scope, 'x-cache-tags': listOf(facts.tags) });
  return headers;
}

function controlOf({ scope, freshForMs }: AnswerFacts, sharedMaxAgeMs: number): string {
  const seconds = Math.floor(Math.min(freshForMs, sharedMaxAgeMs) / 1000);
  return scope === 'PUBLIC' && seconds > 0 ? `public, max-age=${seconds}` : 'private, no-cache';
}

const MAX_TAGS_LENGTH = 2_000;

/** Header lines are no place for thousands of tags. */
const listOf = (tags: readonly string[]): string => {
  const all = tags.map((tag) => encodeURI(tag)).join(' ');
  return all.length <= MAX_TAGS_LENGTH ? all : `${all.slice(0, all.lastIndexOf(' ', MAX_TAGS_LENGTH))} ...`;
};

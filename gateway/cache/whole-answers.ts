import type { Clock } from '../../platform/clock.ts';
import type { PreparedOperation } from '../pipeline/prepared-operation.ts';
import { audiencesOf } from './audience.ts';
import type { CacheFacts, CacheScope, Invalidations } from './facts.ts';
import type { RecentWriters } from './recent-writers.ts';
import { createTaggedMemory } from './tagged-memory.ts';

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

export function createWholeAnswers({ invalidations, writers, clock, maxBytes }: WholeAnswersOptions): WholeAnswers {
  const answers = createTaggedMemory<KeptAnswer>(maxBytes);
  const stop = invalidations.onInvalidated((tags) => answers.drop(tags));
  return {
    find: (operation) => {
      // Who does not follow the changes does not know what has changed.
      if (operation.operation.operation !== 'query' || answers.entries === 0 || invalidations.mark() === null || writers.includes(operation.scope)) return null;
      const asked = askedOf(operation);
      const audiences = audiencesOf(operation.scope);
      const found = answers.get(asked + audiences.PRIVATE) ?? answers.get(asked + audiences.PUBLIC);
      return found && found.freshUntilMs > clock.now() ? found : null;
    },
    keep: (operation, body, etag, { scope, tags, ageMs, freshForMs, mark, stale }) => {
      if (operation.operation.operation !== 'query' || freshForMs <= 0 || stale.length > 0 || invalidations.changedSince(tags, mark)) return;
      const keptAtMs = clock.now();
      answers.set(askedOf(operation) + audiencesOf(operation.scope)[scope], { body, etag, scope, tags, ageMs, keptAtMs, freshUntilMs: keptAtMs + freshForMs }, body.byteLength);
    },
    close: () => {
      stop();
      answers.drop('ALL');
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

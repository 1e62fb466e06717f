import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config.ts';
import type { Log } from '../../platform/log.ts';
import type { EventLog } from '../../platform/stores/event-log.ts';
import { openCacheStore } from '../../platform/stores/open.ts';
import type { CacheMeter } from './cache-meter.ts';
import type { FetchCache } from './facts.ts';
import { createCacheMemory, createFetchCache } from './fetch-cache.ts';
import { followInvalidations } from './invalidations.ts';
import { createWholeAnswers, type WholeAnswers } from './whole-answers.ts';

export interface OpenCacheOptions {
  readonly config: Config;
  readonly eventLog: EventLog;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: CacheMeter;
}

/** Everything that is kept of answers, as configured. */
export interface OpenCache {
  /** The cache as one version of the supergraph has it; null: off. */
  of(sdl: string): FetchCache | null;
  /** Null: off. */
  readonly answers: WholeAnswers | null;
  close(): void;
}

/** Of the memory, so much is for whole answers; the rest for their parts. */
const WHOLE_ANSWERS_SHARE = 0.25;
/** No lifetime in a schema is longer, or need be: see history in invalidations.ts. */
const LONGEST_LIFETIME_MS = 3_600_000;

const OFF: OpenCache = { of: () => null, answers: null, close: () => undefined };

export async function openCache({ config, eventLog, clock, log, meter }: OpenCacheOptions): Promise<OpenCache> {
  if (config.CACHE === 'off') return OFF;
  const store = await openCacheStore({ config, clock, log });
  const invalidations = followInvalidations({ eventLog, clock, log, historyMs: LONGEST_LIFETIME_MS + config.CACHE_GRACE_MS });
  const memory = createCacheMemory({ store, invalidations, clock, maxBytes: config.CACHE_MAX_BYTES * (1 - WHOLE_ANSWERS_SHARE), graceMs: config.CACHE_GRACE_MS, meter });
  const answers = createWholeAnswers({ invalidations, writers: memory.writers, clock, maxBytes: config.CACHE_MAX_BYTES * WHOLE_ANSWERS_SHARE });
  return {
    of: (sdl) => createFetchCache({ sdl, memory }),
    answers,
    close: () => {
      answers.close();
      memory.close();
      invalidations.close();
      store?.close();
    },
  };
}

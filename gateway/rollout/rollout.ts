import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { versionOf, type Graph } from '../graph/graph.ts';
import type { ReplaceableGraph } from '../graph/graph-source.ts';
import type { TrustedDocuments } from '../trusted-documents/trusted-documents.ts';
import { warmUp } from './warm-up.ts';

/** One supergraph, as operations people see it. */
export interface RolledOut {
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly since: string;
}

export interface Refusal {
  readonly version: string;
  readonly at: string;
  readonly reasons: readonly string[];
}

export interface RolloutReport {
  readonly current: RolledOut;
  /** What a rollback goes back to; null: there was none before. */
  readonly previous: RolledOut | null;
  /** Set after a rollback: this version is offered and not taken, until another one is. */
  readonly heldBack: string | null;
  /** The last that was offered and could not be served. */
  readonly refused: Refusal | null;
}

/** Brings new supergraphs into service while operations run, and back out. */
export interface Rollout {
  /** Looks at what is offered now. Never rejects: what cannot be served is refused and told. */
  check(): Promise<void>;
  /** Back to the one before; false: there is none. */
  rollBack(): Promise<boolean>;
  report(): RolloutReport;
  /** Why what is offered is not served; empty: it is. */
  problems(): readonly string[];
  close(): void;
}

export interface RolloutOptions {
  readonly graphs: ReplaceableGraph;
  /** The supergraph that is offered now. @throws Error when it cannot be read */
  readonly read: () => string;
  /** @throws Error saying why it cannot be served */
  readonly build: (sdl: string) => Graph;
  readonly trusted: Pick<TrustedDocuments, 'operations'>;
  readonly clock: Clock;
  readonly log: Log;
  /** 0: looked at only when asked to. */
  readonly pollMs: number;
}

interface Served extends RolledOut {
  readonly graph: Graph;
}

export function createRollout(options: RolloutOptions): Rollout {
  return new FollowedFile(options);
}

class FollowedFile implements Rollout {
  readonly #options: RolloutOptions;
  readonly #timer: NodeJS.Timeout | undefined;
  #current: Served;
  #previous: Served | null = null;
  #heldBack: string | null = null;
  #refused: Refusal | null = null;
  /** One thing after the other: a rollback in the middle of a rollout waits for it. */
  #working: Promise<unknown> = Promise.resolve();

  constructor(options: RolloutOptions) {
    this.#options = options;
    this.#current = this.#served(options.graphs.current);
    if (options.pollMs > 0) this.#timer = setInterval(() => void this.check(), options.pollMs).unref();
  }

  check(): Promise<void> {
    return this.#inTurn(() => this.#look());
  }

  rollBack(): Promise<boolean> {
    return this.#inTurn(() => {
      if (!this.#previous) return false;
      this.#heldBack = this.#current.version;
      this.#options.log.warn({ from: this.#current.version, to: this.#previous.version }, 'the supergraph is rolled back');
      this.#serve(this.#previous.graph);
      return true;
    });
  }

  report(): RolloutReport {
    return { current: shown(this.#current), previous: this.#previous && shown(this.#previous), heldBack: this.#heldBack, refused: this.#refused };
  }

  problems(): readonly string[] {
    const refused = this.#refused && `the supergraph ${this.#refused.version} is offered and refused: ${this.#refused.reasons[0]}`;
    const heldBack = this.#heldBack && `the supergraph ${this.#heldBack} is offered and held back since a rollback`;
    return [refused, heldBack].filter((problem) => problem !== null);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const { read, build, trusted } = this.#options;
    const sdl = attempt(read);
    if (sdl instanceof Error) return this.#refuse('unreadable', [sdl.message]);
    const version = versionOf(sdl);
    if (version !== this.#heldBack) this.#heldBack = null;
    if (version === this.#current.version) this.#refused = null;
    if (version === this.#current.version || version === this.#heldBack || version === this.#refused?.version) return;
    const built = attempt(() => build(sdl));
    if (built instanceof Error) return this.#refuse(version, [built.message]);
    // A storefront that is out there cannot be rolled back with us: what no longer answers its documents is not served.
    const reasons = await warmUp(built, trusted.operations());
    if (reasons.length > 0) return this.#refuse(version, reasons);
    this.#refused = null;
    this.#serve(built);
  }

  #serve(graph: Graph): void {
    this.#previous = this.#current;
    this.#current = this.#served(graph);
    this.#options.graphs.replace(graph);
    this.#options.log.info({ version: graph.version, before: this.#previous.version }, 'a new supergraph is served');
  }

  #refuse(version: string, reasons: readonly string[]): void {
    if (this.#refused?.version === version && this.#refused.reasons.join() === reasons.join()) return;
    this.#options.log.error({ version, reasons }, 'a new supergraph is refused; the one before goes on');
    this.#refused = { version, at: this.#now(), reasons };
  }

  #inTurn<T>(work: () => Promise<T> | T): Promise<T> {
    const turn = this.#working.then(work);
    this.#working = turn.catch(() => undefined);
    return turn;
  }

  #served(graph: Graph): Served {
    return { version: graph.version, since: this.#now(), graph };
  }

  #now(): string {
    return this.#options.clock.date().toISOString();
  }
}

const shown = ({ version, since }: Served): RolledOut => ({ version, since });

function attempt<T>(work: () => T): T | Error {
  try {
    return work();
  } catch (error) {
    return error as Error;
  }
}

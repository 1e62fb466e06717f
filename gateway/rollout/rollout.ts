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

export function createRollout({ graphs, read, build, trusted, clock, log, pollMs }: RolloutOptions): Rollout {
  const now = (): string => clock.date().toISOString();
  let current: Served = { version: graphs.current.version, since: now(), graph: graphs.current };
  let previous: Served | null = null;
  let heldBack: string | null = null;
  let refused: Refusal | null = null;

  const refuse = (version: string, reasons: readonly string[]): void => {
    const isNew = refused?.version !== version || refused.reasons.join() !== reasons.join();
    if (isNew) log.error({ version, reasons }, 'a new supergraph is refused; the one before goes on');
    if (isNew) refused = { version, at: now(), reasons };
  };
  const serve = (graph: Graph): void => {
    previous = current;
    current = { version: graph.version, since: now(), graph };
    graphs.replace(graph);
    log.info({ version: graph.version, before: previous.version }, 'a new supergraph is served');
  };
  const look = async (): Promise<void> => {
    const sdl = tryRead(read);
    if (sdl instanceof Error) return refuse('unreadable', [sdl.message]);
    const version = versionOf(sdl);
    if (version !== heldBack) heldBack = null;
    if (version === current.version) refused = null;
    if (version === current.version || version === heldBack || version === refused?.version) return;
    const built = tryBuild(build, sdl);
    if (built instanceof Error) return refuse(version, [built.message]);
    // A storefront that is out there cannot be rolled back with us: what no longer answers its documents is not served.
    const reasons = await warmUp(built, trusted.operations());
    if (reasons.length > 0) return refuse(version, reasons);
    refused = null;
    serve(built);
  };
  // One after the other: a rollback in the middle of a rollout waits for it.
  let working: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T> | T): Promise<T> => {
    const turn = working.then(work);
    working = turn.catch(() => undefined);
    return turn;
  };
  const timer = pollMs > 0 ? setInterval(() => void inTurn(look), pollMs).unref() : undefined;
  const shown = (one: Served | null): RolledOut | null => one && { version: one.version, since: one.since };
  return {
    check: () => inTurn(look),
    rollBack: () => inTurn(() => {
      if (!previous) return false;
      heldBack = current.version;
      log.warn({ from: current.version, to: previous.version }, 'the supergraph is rolled back');
      serve(previous.graph);
      return true;
    }),
    report: () => ({ current: shown(current)!, previous: shown(previous), heldBack, refused }),
    problems: () => [
      ...(refused ? [`the supergraph ${refused.version} is offered and refused: ${refused.reasons[0]}`] : []),
      ...(heldBack ? [`the supergraph ${heldBack} is offered and held back since a rollback`] : []),
    ],
    close: () => clearInterval(timer),
  };
}

function tryRead(read: () => string): string | Error {
  try {
    return read();
  } catch (error) {
    return error as Error;
  }
}

function tryBuild(build: (sdl: string) => Graph, sdl: string): Graph | Error {
  try {
    return build(sdl);
  } catch (error) {
    return error as Error;
  }
}

import type { Clock } from '../../platform/clock.ts';
import { SubgraphFailure, type SubgraphClient } from '../execution/subgraph-client.ts';
import type { ClientMetrics } from './client-metrics.ts';

export interface BreakerOptions {
  /** Name of the subgraph, for messages. */
  readonly name: string;
  /** Requests in a row that got no answer. */
  readonly breakAfter: number;
  /** After this one request is let through to see. */
  readonly breakForMs: number;
  readonly clock: Clock;
  readonly metrics: ClientMetrics;
}

/** How a request ended, as a word on the subgraph. */
type Verdict = 'ANSWERED' | 'DEAD' | 'UNKNOWN';

/**
 * Stops asking a subgraph that does not answer: refuses at once for a while, then lets one request through to see. Others are refused
 * while that one is under way, for they would all wait for a host that may hang. One that its caller abandons says nothing, and the
 * next may try.
 */
export function breakCircuit(client: SubgraphClient, options: BreakerOptions): SubgraphClient {
  const circuit = new Circuit(options);
  return {
    execute: async (request, call) => {
      const probing = circuit.enter();
      try {
        const answer = await client.execute(request, call);
        circuit.leave('ANSWERED', probing);
        return answer;
      } catch (error) {
        circuit.leave(judge(error, request.operationKind === 'mutation'), probing);
        throw error;
      }
    },
  };
}

/** A mutation may wait for somebody else's system: that it takes long says nothing about its subgraph. */
function judge(error: unknown, isMutation: boolean): Verdict {
  if (!(error instanceof SubgraphFailure)) return 'ANSWERED';
  if (error.reason === 'UNREACHABLE' || error.reason === 'TURNED_AWAY') return 'DEAD';
  if (error.reason === 'SILENT') return isMutation ? 'UNKNOWN' : 'DEAD';
  return error.reason === 'UNUSABLE' ? 'ANSWERED' : 'UNKNOWN';
}

class Circuit {
  readonly #options: BreakerOptions;
  #failures = 0;
  /** Null: closed. */
  #openUntilMs: number | null = null;
  #probing = false;

  constructor(options: BreakerOptions) {
    this.#options = options;
    options.metrics.breakerTurned(options.name, 'CLOSED');
  }

  /** True: this request is the probe. @throws SubgraphFailure HELD_BACK */
  enter(): boolean {
    if (this.#openUntilMs === null) return false;
    const { name, clock, metrics, breakForMs } = this.#options;
    const waitMs = this.#openUntilMs - clock.now();
    if (waitMs > 0 || this.#probing) {
      metrics.refused(name, 'breaker-open');
      const retryAfterMs = Math.ceil(waitMs > 0 ? waitMs : breakForMs);
      throw new SubgraphFailure('UPSTREAM_UNAVAILABLE', `Subgraph "${name}" does not answer; it is asked again shortly.`, { reason: 'HELD_BACK', retryAfterMs });
    }
    this.#probing = true;
    metrics.breakerTurned(name, 'HALF_OPEN');
    return true;
  }

  leave(verdict: Verdict, probing: boolean): void {
    if (probing) {
      this.#probing = false;
      if (verdict === 'ANSWERED') this.#close();
      else if (verdict === 'DEAD') this.#open();
      else this.#options.metrics.breakerTurned(this.#options.name, 'OPEN');
    } else if (this.#openUntilMs === null) {
      if (verdict === 'ANSWERED') this.#failures = 0;
      else if (verdict === 'DEAD' && ++this.#failures >= this.#options.breakAfter) this.#open();
    }
  }

  #open(): void {
    const { name, clock, metrics, breakForMs } = this.#options;
    this.#openUntilMs = clock.now() + breakForMs;
    metrics.breakerTurned(name, 'OPEN');
  }

  #close(): void {
    this.#failures = 0;
    this.#openUntilMs = null;
    this.#options.metrics.breakerTurned(this.#options.name, 'CLOSED');
  }
}

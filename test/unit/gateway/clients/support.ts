import { Registry } from 'prom-client';
import { createClientMetrics } from '../../../../gateway/clients/client-metrics.ts';
import { SubgraphFailure, type SubgraphAnswer, type SubgraphCall, type SubgraphClient, type SubgraphFailureReason, type SubgraphRequest } from '../../../../gateway/execution/subgraph-client.ts';
import { ANONYMOUS, type Principal } from '../../../../domain/principal.ts';
import type { ShoppingContext } from '../../../../subgraphs/frame/module.ts';

export const QUERY: SubgraphRequest = { query: '{ a }', operationKind: 'query', documentId: 'q', variables: { id: 1 } };
export const MUTATION: SubgraphRequest = { ...QUERY, operationKind: 'mutation', documentId: 'm' };
export const EVENT: SubgraphRequest = { ...QUERY, operationKind: 'subscription', documentId: 's', event: {} };

export const SHOPPING: ShoppingContext = { channel: null, locale: null, currencyCode: null, companyLocation: null };

export interface CallParts {
  readonly signal?: AbortSignal;
  readonly deadlineAtMs?: number | null;
  readonly principal?: Principal;
  readonly shopping?: ShoppingContext;
}

export const callOf = ({ signal = new AbortController().signal, deadlineAtMs = null, principal = ANONYMOUS, shopping = SHOPPING }: CallParts = {}): SubgraphCall => ({
  signal, deadlineAtMs, context: { principal, shopping, signal, deadlineAtMs, traceparent: null },
});

export const failed = (reason: SubgraphFailureReason): SubgraphFailure =>
  new SubgraphFailure(reason === 'SILENT' ? 'UPSTREAM_TIMEOUT' : 'UPSTREAM_UNAVAILABLE', 'no answer', { reason });

/** A subgraph whose every answer the test gives by hand. */
export interface Manual extends SubgraphClient {
  readonly asked: readonly Ask[];
}

export interface Ask {
  readonly request: SubgraphRequest;
  readonly call: SubgraphCall;
  answer(data?: unknown): void;
  fail(error: Error): void;
}

export function manualClient(): Manual {
  const asked: Ask[] = [];
  return {
    asked,
    execute: (request, call) =>
      new Promise<SubgraphAnswer>((resolve, reject) => {
        asked.push({ request, call, answer: (data = { a: 1 }) => resolve({ data }), fail: reject });
      }),
  };
}

/** Fails or answers as the list says, then answers. */
export function scripted(...script: readonly (SubgraphFailureReason | 'ok')[]): SubgraphClient & { readonly count: number } {
  let count = 0;
  return {
    get count() {
      return count;
    },
    execute: async () => {
      const word = script[count++] ?? 'ok';
      if (word !== 'ok') throw failed(word);
      return { data: { a: count } };
    },
  };
}

export function metricsOf() {
  const registry = new Registry();
  return {
    metrics: createClientMetrics(registry),
    /** Value of a series, by the labels that matter. */
    read: async (name: string, labels: Readonly<Record<string, string>> = {}): Promise<number | undefined> => {
      const { values } = await registry.getSingleMetric(name)!.get();
      return values.find((value) => Object.entries(labels).every(([label, expected]) => (value.labels as Record<string, unknown>)[label] === expected))?.value;
    },
  };
}

/** Lets promises that are ready run. */
export const settle = (): Promise<void> => new Promise((done) => setImmediate(done));

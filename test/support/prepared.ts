import { getOperationAST, parse } from 'graphql';
import { ANONYMOUS, type Principal } from '../../domain/principal.ts';
import type { TrafficClass } from '../../domain/roles.ts';
import type { Transport } from '../../gateway/pipeline/caller.ts';
import type { PreparedOperation } from '../../gateway/pipeline/prepared-operation.ts';

export interface PreparedFacts {
  readonly query?: string;
  readonly cost?: number;
  readonly principal?: Partial<Principal>;
  readonly traffic?: TrafficClass;
  readonly address?: string;
  readonly transport?: Transport;
  readonly signal?: AbortSignal;
}

/** What checkpoints look at of an operation; there is no graph behind it. */
export function preparedOperation({ query = '{ product { id } }', cost = 1, principal, traffic, address = '203.0.113.7', transport = 'http', signal }: PreparedFacts = {}): PreparedOperation {
  const document = parse(query);
  const who: Principal = { ...ANONYMOUS, ...principal };
  return {
    source: query, document, operation: getOperationAST(document)!, variables: {}, cost, label: 'other', graph: null as never,
    scope: { principal: who, shopping: { locale: null, channel: null, currencyCode: null, companyLocation: null }, signal: signal ?? new AbortController().signal, deadlineAtMs: 0, traceparent: null },
    caller: { identity: { principal: who, expiresAtMs: null, ...(traffic && { traffic }) }, address, requestId: 'r', transport },
  };
}

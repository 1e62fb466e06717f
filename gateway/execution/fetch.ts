import { createHash } from 'node:crypto';
import type { FetchNode } from '@apollo/query-planner';
import { GraphQLError, Kind, parse, type OperationDefinitionNode } from 'graphql';
import { copyAnswer, mergeInto } from './merge.ts';
import { compileRepresentations, type Represent, type RepresentationBatch } from './representations.ts';
import { collectEntities, locateEntities, type Entity, type PathStep } from './response-path.ts';
import { compileRewrites, type Rewrite } from './rewrites.ts';
import type { Run } from './run.ts';
import type { SubgraphAnswer, SubgraphRequest } from './subgraph-client.ts';
import { failFetch, malformed, relayError, type ResponsePath } from './subgraph-errors.ts';
import type { TypeRelations } from './type-relations.ts';

/** Runs to completion and never rejects: what goes wrong is recorded in `run.errors`. */
export type Step = (run: Run) => Promise<void> | void;


/** A FetchNode with everything derived from it that does not depend on the request. */
interface CompiledFetch {
  readonly service: string;
  readonly request: Omit<SubgraphRequest, 'variables'>;
  readonly variableNames: readonly string[];
  readonly path: readonly PathStep[];
  readonly rewrite: Rewrite | null;
  /** Response path of the only root field, for errors that name no path themselves. */
  readonly rootPath: ResponsePath | undefined;
}

export function compileFetch(node: FetchNode, path: readonly PathStep[], types: TypeRelations): Step {
  if (node.contextRewrites?.length) throw new GraphQLError('This graph uses @fromContext, which is not supported here.');
  const fetch: CompiledFetch = {
    service: node.serviceName,
    request: {
      query: node.operation,
      ...(node.operationName === undefined ? {} : { operationName: node.operationName }),
      operationKind: node.operationKind,
      documentId: createHash('sha256').update(node.operation).digest('base64url'),
    },
    variableNames: node.variableUsages ?? [],
    path,
    rewrite: compileRewrites(node.outputRewrites, types),
    rootPath: node.requires ? undefined : onlyRootField(node.operation),
  };
  if (!node.requires) return (run) => fetchRoot(fetch, run);
  const represent = compileRepresentations(node, types);
  return (run) => fetchEntities(fetch, represent, run);
}

function onlyRootField(operation: string): ResponsePath | undefined {
  const definition = parse(operation, { noLocation: true }).definitions[0] as OperationDefinitionNode;
  const [first, ...others] = definition.selectionSet.selections;
  return first?.kind === Kind.FIELD && others.length === 0 ? [(first.alias ?? first.name).value] : undefined;
}

/** A fetch without representations: a root operation, or a `Query`-typed field in the middle of the tree. */
async function fetchRoot(fetch: CompiledFetch, run: Run): Promise<void> {
  const targets = fetch.path.length === 0 ? [run.tree] : collectEntities(run.tree, fetch.path);
  if (targets.length === 0) return;
  try {
    const answer = await send(fetch, run, {});
    for (const error of answer.errors ?? []) {
      run.errors.push(relayError(error, fetch.service, rootErrorPath(fetch, run, error.path)));
    }
    const data = readData(answer, fetch.service);
    if (!data) return;
    fetch.rewrite?.(data, undefined);
    for (let place = targets.length - 1; place >= 0; place--) {
      mergeInto(targets[place] as Entity, place === 0 ? data : copyAnswer(data), run.types);
    }
  } catch (cause) {
    run.errors.push(failFetch(cause, fetch.service, rootErrorPath(fetch, run, undefined)));
  }
}

function rootErrorPath(fetch: CompiledFetch, run: Run, path: ResponsePath | undefined): ResponsePath | undefined {
  const inside = path ?? fetch.rootPath ?? [];
  const whole = fetch.path.length === 0 ? inside : [...commonPath(run, fetch), ...inside];
  return whole.length > 0 ? whole : undefined;
}

async function fetchEntities(fetch: CompiledFetch, represent: Represent, run: Run): Promise<void> {
  const entities = collectEntities(run.tree, fetch.path);
  const batch = represent(entities);
  if (batch.representations.length === 0) return;
  try {
    const answer = await send(fetch, run, { representations: batch.representations });
    relayEntityErrors(fetch, batch, answer, run);
    const data = readData(answer, fetch.service);
    if (data) mergeEntities(fetch, batch, data['_entities'], entities, run);
  } catch (cause) {
    run.errors.push(failFetch(cause, fetch.service, commonPath(run, fetch)));
  }
}

async function send(fetch: CompiledFetch, run: Run, variables: Record<string, unknown>): Promise<SubgraphAnswer> {
  const client = run.clients[fetch.service];
  if (!client) throw new Error(`No client for subgraph "${fetch.service}".`);
  if (run.aborted && run.call.signal.aborted) return run.aborted;
  for (const name of fetch.variableNames) {
    if (Object.hasOwn(run.variables, name)) variables[name] = run.variables[name];
  }
  run.subrequests.set(fetch.service, (run.subrequests.get(fetch.service) ?? 0) + 1);
  const event = fetch.request.operationKind === 'subscription' ? { event: run.event } : null;
  const answer = client.execute({ ...fetch.request, variables, ...event }, run.call);
  return run.aborted ? Promise.race([answer, run.aborted]) : answer;
}

/** Null data with errors is an answer; no data and no errors is not. */
function readData(answer: SubgraphAnswer, service: string): Entity | null {
  const { data } = answer;
  if (data !== null && typeof data === 'object' && !Array.isArray(data)) return data as Entity;
  if (answer.errors?.length && (data === null || data === undefined)) return null;
  throw malformed(service, 'without data and without errors');
}

function mergeEntities(
  fetch: CompiledFetch,
  batch: RepresentationBatch,
  answers: unknown,
  entities: readonly Entity[],
  run: Run,
): void {
  if (!Array.isArray(answers) || answers.length !== batch.representations.length) {
    throw malformed(fetch.service, `_entities that are not a list of ${batch.representations.length}`);
  }
  for (let index = 0; index < answers.length; index++) {
    const answer = answers[index] as Entity | null;
    if (answer === null || typeof answer !== 'object') continue;
    const targets = batch.targets[index] as readonly number[];
    fetch.rewrite?.(answer, (entities[targets[0] as number] as Entity)['__typename'] as string | undefined);
    for (let place = targets.length - 1; place >= 0; place--) {
      mergeInto(entities[targets[place] as number] as Entity, place === 0 ? answer : copyAnswer(answer), run.types);
    }
  }
}

/** `_entities.3.price` becomes one error for each place in the response that the fourth representation stands for. */
function relayEntityErrors(fetch: CompiledFetch, batch: RepresentationBatch, answer: SubgraphAnswer, run: Run): void {
  if (!answer.errors?.length) return;
  const places = locateEntities(run.tree, fetch.path);
  for (const error of answer.errors) {
    const index = error.path?.[0] === '_entities' ? error.path[1] : undefined;
    const targets = typeof index === 'number' ? batch.targets[index] : undefined;
    if (!targets) run.errors.push(relayError(error, fetch.service, commonPath(run, fetch)));
    for (const target of targets ?? []) {
      run.errors.push(relayError(error, fetch.service, [...(places[target] ?? []), ...(error.path ?? []).slice(2)]));
    }
  }
}

/** The deepest response path that all places of a fetch share. */
function commonPath(run: Run, fetch: CompiledFetch): ResponsePath {
  const [first, ...others] = locateEntities(run.tree, fetch.path);
  if (!first) return [];
  let length = first.length;
  for (const other of others) {
    let shared = 0;
    while (shared < length && first[shared] === other[shared]) shared++;
    length = shared;
  }
  return first.slice(0, length);
}

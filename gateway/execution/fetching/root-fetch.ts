import type { FetchNode } from '@apollo/query-planner';
import { Kind, parse, type OperationDefinitionNode } from 'graphql';
import { copyAnswer, mergeInto } from './merge.ts';
import { collectEntities, commonPath, type Entity, type PathStep } from './response-path.ts';
import { compileErrorKeys, compileRewrites, type Rewrite } from './rewrites.ts';
import type { Run, Step } from './run.ts';
import { failFetch, relayError, type ResponsePath } from './subgraph-errors.ts';
import { compileRequest, readData, send, type CompiledRequest } from './subgraph-request.ts';
import type { TypeRelations } from '../planning/type-relations.ts';

interface RootFetch {
  readonly request: CompiledRequest;
  readonly path: readonly PathStep[];
  readonly rewrite: Rewrite | null;
  restoreKeys(path: ResponsePath): ResponsePath;
  /** Response path of the only root field, for errors that name no path themselves. */
  readonly rootPath: ResponsePath | undefined;
}

/** A fetch without representations: a root operation, or a `Query`-typed field in the middle of the tree. */
export function compileRootFetch(node: FetchNode, path: readonly PathStep[], types: TypeRelations): Step {
  const fetch: RootFetch = {
    request: compileRequest(node),
    path,
    rewrite: compileRewrites(node.outputRewrites, types),
    restoreKeys: compileErrorKeys(node.outputRewrites),
    rootPath: onlyRootField(node.operation),
  };
  return (run) => fetchRoot(fetch, run);
}

function onlyRootField(operation: string): ResponsePath | undefined {
  const definition = parse(operation, { noLocation: true }).definitions[0] as OperationDefinitionNode;
  const [first, ...others] = definition.selectionSet.selections;
  return first?.kind === Kind.FIELD && others.length === 0 ? [(first.alias ?? first.name).value] : undefined;
}

async function fetchRoot(fetch: RootFetch, run: Run): Promise<void> {
  const { service } = fetch.request;
  const targets = fetch.path.length === 0 ? [run.tree] : collectEntities(run.tree, fetch.path);
  if (targets.length === 0) return;
  try {
    const answer = await send(fetch.request, run, {});
    for (const error of answer.errors ?? []) {
      run.errors.push(relayError(error, service, errorPath(fetch, run, error.path)));
    }
    const data = readData(answer, service);
    if (!data) return;
    fetch.rewrite?.(data, undefined);
    for (let place = targets.length - 1; place >= 0; place--) {
      mergeInto(targets[place] as Entity, place === 0 ? data : copyAnswer(data), run.types);
    }
  } catch (cause) {
    run.errors.push(failFetch(cause, service, errorPath(fetch, run, undefined)));
  }
}

function errorPath(fetch: RootFetch, run: Run, path: ResponsePath | undefined): ResponsePath | undefined {
  const inside = path ? fetch.restoreKeys(path) : (fetch.rootPath ?? []);
  const whole = fetch.path.length === 0 ? inside : [...commonPath(run.tree, fetch.path), ...inside];
  return whole.length > 0 ? whole : undefined;
}

import type { FetchNode } from '@apollo/query-planner';
import type { GraphQLFormattedError } from 'graphql';
import { compileContexts, type ContextValues, type GroupByContext } from '../planning/contexts.ts';
import { compileEntityRequests, type PickRequest } from './entity-requests.ts';
import { copyAnswer, mergeInto } from './merge.ts';
import { compileRepresentations, type Represent, type RepresentationBatch } from './representations.ts';
import { collectEntities, commonPath, locateEntities, type Entity, type PathStep } from './response-path.ts';
import { compileErrorKeys, compileRewrites, type Rewrite } from './rewrites.ts';
import type { Run, Step } from './run.ts';
import type { SubgraphAnswer } from '../subgraph-client.ts';
import { failFetch, malformed, relayError, type ResponsePath } from './subgraph-errors.ts';
import { readData, send } from './subgraph-request.ts';
import type { TypeRelations } from '../planning/type-relations.ts';

/** A fetch of entities and the place of the tree it fills. */
export interface EntityFetch {
  readonly node: FetchNode;
  readonly path: readonly PathStep[];
}

/** What is asked for in one way, at one place of the tree or at several. */
interface Member {
  readonly paths: readonly (readonly PathStep[])[];
  readonly represent: Represent;
  readonly rewrite: Rewrite | null;
  restoreKeys(path: ResponsePath): ResponsePath;
  readonly groupByContext: GroupByContext | null;
}

/** A member that has something to ask; once for each set of context values. */
interface Question extends Member {
  readonly index: number;
  readonly entities: readonly Entity[];
  readonly batch: RepresentationBatch;
  readonly contexts: ContextValues | null;
}

/** A question with the response key of its answer. */
interface Asked extends Question {
  readonly key: string;
}

/** Fetches of one subgraph that may run at the same time become one step and at most one request. */
export function compileEntityFetches(fetches: readonly EntityFetch[], types: TypeRelations): Step {
  const same = groupSame(fetches);
  const members = same.map(({ node, paths }): Member => ({
    paths,
    represent: compileRepresentations(node, types),
    rewrite: compileRewrites(node.outputRewrites, types),
    restoreKeys: compileErrorKeys(node.outputRewrites),
    groupByContext: compileContexts(node.contextRewrites, types),
  }));
  const pick = compileEntityRequests(same.map(({ node }) => node));
  return (run) => fetchEntities(members, pick, run);
}

/** Fetches that differ in nothing but their place share representations: an entity that is at both is asked for once. */
function groupSame(fetches: readonly EntityFetch[]): readonly { node: FetchNode; paths: (readonly PathStep[])[] }[] {
  const groups = new Map<string, { node: FetchNode; paths: (readonly PathStep[])[] }>();
  for (const { node, path } of fetches) {
    const { operation, requires, inputRewrites, outputRewrites, contextRewrites } = node;
    const identity = JSON.stringify([operation, requires, inputRewrites, outputRewrites, contextRewrites]);
    const group = groups.get(identity);
    if (group) group.paths.push(path);
    else groups.set(identity, { node, paths: [path] });
  }
  return [...groups.values()];
}

async function fetchEntities(members: readonly Member[], pick: PickRequest, run: Run): Promise<void> {
  const questions = members.flatMap((member, index) => askQuestions(member, index, run));
  if (questions.length === 0) return;
  const { request, fields } = pick(questions.map(({ index }) => index));
  const { service } = request;
  const variables: Record<string, unknown> = {};
  const asked = questions.map((question, place): Asked => {
    const { key, variable, nameContext } = fields[place]!;
    variables[variable] = question.batch.representations;
    for (const name in question.contexts) variables[nameContext(name)] = question.contexts[name];
    return { ...question, key };
  });
  try {
    const answer = await send(request, run, variables);
    const explained = relayErrors(asked, answer, service, run);
    const data = readData(answer, service);
    if (data) for (const question of asked) mergeAnswers(question, data[question.key], service, run);
    else layError(asked.filter((question) => !explained.has(question)), answer.errors![0]!, service, run);
  } catch (cause) {
    for (const path of placesOf(asked, run)) run.errors.push(failFetch(cause, service, path));
  }
}

function askQuestions(member: Member, index: number, { tree, outstanding }: Run): readonly Question[] {
  const { paths, represent, groupByContext } = member;
  const entities: Entity[] = [];
  for (const path of paths) collectEntities(tree, path, 0, entities);
  if (entities.length === 0) return [];
  const groups = groupByContext?.(tree, paths) ?? [{ values: null, indices: undefined }];
  return groups.flatMap(({ values, indices }) => {
    const batch = represent(entities, outstanding.withoutAsked(represent, entities, indices));
    if (batch.incomplete) outstanding.addIncomplete();
    if (batch.representations.length === 0) return [];
    outstanding.addAsked(represent, entities, batch.targets);
    return [{ ...member, index, entities, batch, contexts: values }];
  });
}

/** A member whose answer makes no sense fails alone. */
function mergeAnswers(question: Asked, answers: unknown, service: string, run: Run): void {
  const { batch, entities, rewrite } = question;
  const { representations, targets } = batch;
  if (!Array.isArray(answers) || answers.length !== representations.length) {
    const failure = malformed(service, `_entities that are not a list of ${representations.length}`);
    for (const path of placesOf([question], run)) run.errors.push(failFetch(failure, service, path));
    return;
  }
  for (let index = 0; index < answers.length; index++) {
    const answer = answers[index] as Entity | null;
    if (answer === null || typeof answer !== 'object') {
      run.outstanding.addUnknown();
      continue;
    }
    const waiting = targets[index] as readonly number[];
    rewrite?.(answer, (entities[waiting[0] as number] as Entity)['__typename'] as string | undefined);
    for (let place = waiting.length - 1; place >= 0; place--) {
      mergeInto(entities[waiting[place] as number] as Entity, place === 0 ? answer : copyAnswer(answer), run.types);
    }
  }
}

/**
 * `_entities.3.price` becomes one error for each place in the response that the fourth representation stands for. An
 * error that names no member of the request concerns all. Returns the members that got one.
 */
function relayErrors(asked: readonly Asked[], { errors }: SubgraphAnswer, service: string, run: Run): ReadonlySet<Asked> {
  const explained = new Set<Asked>();
  for (const error of errors ?? []) {
    const [key, index, ...inside] = error.path ?? [];
    const member = asked.find((question) => question.key === key);
    const targets = typeof index === 'number' ? member?.batch.targets[index] : undefined;
    if (member && targets) {
      const places = member.paths.flatMap((path) => locateEntities(run.tree, path));
      const rest = member.restoreKeys(inside);
      for (const target of targets) run.errors.push(relayError(error, service, [...(places[target] ?? []), ...rest]));
    } else {
      layError(member ? [member] : asked, error, service, run);
    }
    for (const question of member ? [member] : asked) explained.add(question);
  }
  return explained;
}

/** Lays an error without a place of its own where the members' answers would have gone. */
function layError(asked: readonly Asked[], error: GraphQLFormattedError, service: string, run: Run): void {
  for (const path of placesOf(asked, run)) run.errors.push(relayError(error, service, path));
}

/** Members often wait at one place (`products`), and one error explains it for all. */
function placesOf(asked: readonly Asked[], run: Run): readonly ResponsePath[] {
  const places = new Map<string, ResponsePath>();
  for (const path of asked.flatMap(({ paths }) => paths)) {
    // A place without entities asks nothing, so nothing is missing there.
    const entities = locateEntities(run.tree, path);
    if (entities.length === 0) continue;
    const place = commonPath(run.tree, path);
    places.set(JSON.stringify(place), place);
  }
  return [...places.values()];
}

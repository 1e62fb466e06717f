import type { FetchNode } from '@apollo/query-planner';
import type { GraphQLFormattedError } from 'graphql';
import { compileEntityRequests, type PickRequest } from './entity-requests.ts';
import { copyAnswer, mergeInto } from './merge.ts';
import { compileRepresentations, type Represent, type RepresentationBatch } from './representations.ts';
import { collectEntities, commonPath, locateEntities, type Entity, type PathStep } from './response-path.ts';
import { compileRewrites, type Rewrite } from './rewrites.ts';
import type { Run, Step } from './run.ts';
import type { SubgraphAnswer } from './subgraph-client.ts';
import { failFetch, malformed, relayError, type ResponsePath } from './subgraph-errors.ts';
import { readData, send } from './subgraph-request.ts';
import type { TypeRelations } from './type-relations.ts';

/** A fetch of entities and the place of the tree it fills. */
export interface EntityFetch {
  readonly node: FetchNode;
  readonly path: readonly PathStep[];
}

/** One fetch of the plan, as a member of the request it shares with others of its subgraph. */
interface Member {
  readonly path: readonly PathStep[];
  readonly represent: Represent;
  readonly rewrite: Rewrite | null;
}

/** A member that has something to ask. */
interface Question extends Member {
  readonly index: number;
  readonly entities: readonly Entity[];
  readonly batch: RepresentationBatch;
}

/** A question with the response key of its answer. */
interface Asked extends Question {
  readonly key: string;
}

/** Fetches of one subgraph that may run at the same time become one step and at most one request. */
export function compileEntityFetches(fetches: readonly EntityFetch[], types: TypeRelations): Step {
  const members = fetches.map(({ node, path }): Member => {
    return { path, represent: compileRepresentations(node, types), rewrite: compileRewrites(node.outputRewrites, types) };
  });
  const pick = compileEntityRequests(fetches.map(({ node }) => node));
  return (run) => fetchEntities(members, pick, run);
}

async function fetchEntities(members: readonly Member[], pick: PickRequest, run: Run): Promise<void> {
  const questions = askQuestions(members, run);
  if (questions.length === 0) return;
  const { request, fields } = pick(questions.map(({ index }) => index));
  const { service } = request;
  const variables: Record<string, unknown> = {};
  const asked = questions.map((question, place): Asked => {
    const { key, variable } = fields[place]!;
    variables[variable] = question.batch.representations;
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

function askQuestions(members: readonly Member[], run: Run): readonly Question[] {
  const questions: Question[] = [];
  for (let index = 0; index < members.length; index++) {
    const member = members[index]!;
    const entities = collectEntities(run.tree, member.path);
    const batch = member.represent(entities);
    if (batch.representations.length > 0) questions.push({ ...member, index, entities, batch });
  }
  return questions;
}

/** A member whose answer makes no sense fails alone. */
function mergeAnswers({ path, batch, entities, rewrite }: Asked, answers: unknown, service: string, run: Run): void {
  const { representations, targets } = batch;
  if (!Array.isArray(answers) || answers.length !== representations.length) {
    const failure = malformed(service, `_entities that are not a list of ${representations.length}`);
    run.errors.push(failFetch(failure, service, commonPath(run.tree, path)));
    return;
  }
  for (let index = 0; index < answers.length; index++) {
    const answer = answers[index] as Entity | null;
    if (answer === null || typeof answer !== 'object') continue;
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
      const places = locateEntities(run.tree, member.path);
      for (const target of targets) run.errors.push(relayError(error, service, [...(places[target] ?? []), ...inside]));
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
  for (const { path } of asked) {
    const place = commonPath(run.tree, path);
    places.set(JSON.stringify(place), place);
  }
  return [...places.values()];
}

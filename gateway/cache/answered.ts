import type { GraphQLFormattedError } from 'graphql';
import { malformed } from '../execution/fetching/subgraph-errors.ts';
import type { SubgraphAnswer } from '../execution/subgraph-client.ts';
import type { FetchPart } from './fetch-policy.ts';
import { readAnswerTags } from './answer-tags.ts';
import type { Outcome, Slot, SlotError } from './slots.ts';

/** A subgraph's answer, slot by slot. */
export interface Answered {
  readonly answer: SubgraphAnswer;
  outcomeOf(slot: Slot): Outcome;
  /** Tags the subgraph gave with its answer. */
  tagsOf(slot: Slot): readonly string[];
}

/**
 * @param asked the slots that were asked for, in the order of the request
 * @throws SubgraphFailure UPSTREAM_MALFORMED for what is no answer
 */
export function readAnswered(answer: SubgraphAnswer, asked: readonly Slot[], service: string): Answered {
  const { data, errors = [] } = answer;
  const given = data !== null && typeof data === 'object' && !Array.isArray(data) ? (data as Readonly<Record<string, unknown>>) : null;
  if (given === null && errors.length === 0) throw malformed(service, 'without data and without errors');
  const places = placesOf(asked);
  const bySlot = errors.length > 0 ? sortErrors(errors, asked, places) : null;
  const tags = readAnswerTags(answer.extensions);
  return {
    answer,
    outcomeOf: (slot) => {
      const value = given === null ? null : valueOf(given, slot, places);
      const told = bySlot?.get(slot) ?? [];
      if (value !== MALFORMED) return { value, owned: true, errors: told };
      const { code, message } = malformed(service, '_entities that are not a list of those asked for');
      return { value: null, owned: true, errors: [...told, { message, path: [], extensions: { code } }] };
    },
    tagsOf: (slot) => tags(slot.part.key, slot.index === null ? null : places.get(slot.part)!.indexOf(slot)),
  };
}

/** Entities of each part in the order in which they were asked for. */
type Places = ReadonlyMap<FetchPart, readonly Slot[]>;

const placesOf = (asked: readonly Slot[]): Places => Map.groupBy(asked, ({ part }) => part);

const MALFORMED = Symbol('no list of entities');

function valueOf(data: Readonly<Record<string, unknown>>, slot: Slot, places: Places): unknown {
  const value = data[slot.part.key];
  if (slot.index === null) return value;
  const siblings = places.get(slot.part)!;
  return Array.isArray(value) && value.length === siblings.length ? value[siblings.indexOf(slot)] : MALFORMED;
}

/** What names no slot concerns all of its part, or all there are. */
function sortErrors(errors: readonly GraphQLFormattedError[], asked: readonly Slot[], places: Places): ReadonlyMap<Slot, readonly SlotError[]> {
  const sorted = new Map<Slot, SlotError[]>();
  for (const error of errors) {
    const [key, ...below] = error.path ?? [];
    const part = [...places.keys()].find((one) => one.key === key);
    const siblings = part ? places.get(part)! : asked;
    const [index, ...inside] = below;
    const named = part && part.representations !== null && typeof index === 'number' ? siblings[index] : undefined;
    const path = named ? inside : part && part.representations === null ? below : [];
    const told: SlotError = { message: error.message, path, extensions: error.extensions ?? {} };
    for (const slot of named ? [named] : siblings) sorted.set(slot, [...(sorted.get(slot) ?? []), told]);
  }
  return sorted;
}

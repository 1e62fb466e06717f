import type { Entity } from './response-path.ts';

type Targets = readonly (readonly number[])[];

/**
 * What an operation still has to fetch. The planner (2.14) sometimes puts a fetch before the one that gets what it
 * requires; its entities lack a field when their turn comes. They are asked for as soon as they are complete.
 */
export interface Outstanding {
  /** Remembers who has been asked for; `question` tells the fetch. */
  addAsked(question: object, entities: readonly Entity[], targets: Targets): void;
  /** Indices of those that the fetch has not asked for yet: `indices` themselves before anything was repeated. */
  withoutAsked(question: object, entities: readonly Entity[], indices: readonly number[] | undefined): readonly number[] | undefined;
  addIncomplete(): void;
  /** A subgraph did not know an entity: what others require of it will never come, and that is no fault. */
  addUnknown(): void;
  hasUnknown(): boolean;
  /** Asks for what was incomplete, as long as that makes anything complete. `repeat` runs the fetches of entities again. */
  settle(repeat: () => Promise<void>): Promise<void>;
}

interface Asked {
  readonly question: object;
  readonly entities: readonly Entity[];
  readonly targets: Targets;
}

export function createOutstanding(): Outstanding {
  const asked: Asked[] = [];
  let incomplete = false;
  let repeating = false;
  let unknown = false;
  return {
    addAsked: (question, entities, targets) => void asked.push({ question, entities, targets }),
    withoutAsked: (question, entities, indices) => (repeating ? omitAsked(asked, question, entities, indices) : indices),
    addIncomplete: () => void (incomplete = true),
    addUnknown: () => void (unknown = true),
    hasUnknown: () => unknown,
    async settle(repeat) {
      repeating ||= incomplete;
      for (let before = -1; incomplete && asked.length > before; ) {
        before = asked.length;
        incomplete = false;
        await repeat();
      }
    },
  };
}

/** Built only when something has to be repeated. */
function omitAsked(asked: readonly Asked[], question: object, entities: readonly Entity[], indices: readonly number[] | undefined): readonly number[] {
  const known = new Set<Entity>();
  for (const one of asked) {
    if (one.question === question) for (const index of one.targets.flat()) known.add(one.entities[index] as Entity);
  }
  return (indices ?? [...entities.keys()]).filter((index) => !known.has(entities[index] as Entity));
}

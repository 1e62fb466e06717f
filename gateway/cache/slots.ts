import type { SubgraphRequest } from '../execution/subgraph-client.ts';
import type { Audiences } from './audience.ts';
import type { FetchPart, FetchPolicy } from './fetch-policy.ts';
import type { Kept } from './kept.ts';
import type { Lifetime } from './lifetime.ts';

type Values = Readonly<Record<string, unknown>>;

/** One thing a request asks for: an entity, or a root field. */
export interface Slot {
  readonly part: FetchPart;
  /** Of its representation in the request; null: a root field. */
  readonly index: number | null;
  readonly representation: unknown;
  readonly lifetime: Lifetime;
  /** Null: never kept. */
  readonly key: string | null;
  readonly tags: readonly string[];
  /** What answers it, once it is known. */
  outcome: Outcome | null;
  /** Found, but older than it may be. */
  expired: Kept | null;
}

/** `value` may be shared with what is kept, unless `owned`. */
export type Outcome = { readonly value: unknown; readonly owned: boolean; readonly errors: readonly SlotError[] };

export interface SlotError {
  readonly message: string;
  /** Below the slot. */
  readonly path: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>>;
  /** Why there is no answer at all, where there is none. */
  readonly cause?: unknown;
}

/** Null: the request is none that could be taken apart. */
export function openSlots({ parts }: FetchPolicy, { variables = {} }: SubgraphRequest, audiences: Audiences): readonly Slot[] | null {
  const slots: Slot[] = [];
  for (const part of parts) {
    if (part.representations === null) {
      slots.push(openSlot(part, null, null, null, variables, variables, audiences));
      continue;
    }
    const representations = variables[part.representations];
    if (!Array.isArray(representations)) return null;
    for (let index = 0; index < representations.length; index++) {
      const representation = representations[index] as Values;
      const typename = representation['__typename'];
      if (typeof typename !== 'string') return null;
      slots.push(openSlot(part, index, representation, typename, representation, variables, audiences));
    }
  }
  return slots;
}

function openSlot(
  part: FetchPart, index: number | null, representation: Values | null, typename: string | null, named: Values, variables: Values, audiences: Audiences,
): Slot {
  const lifetime = part.lifetimeOf(typename);
  const tags = lifetime.maxAgeMs > 0 ? part.tagsOf(typename, named) : null;
  const key = tags && `${part.id}${audiences[lifetime.scope]}${usedOf(part, variables)}\n${representation === null ? '' : JSON.stringify(representation)}`;
  return { part, index, representation, lifetime, key, tags: tags ?? [], outcome: null, expired: null };
}

/** Values of the variables a part uses; one that is not given is not the same as one that is null. */
function usedOf({ variableNames }: FetchPart, variables: Values): string {
  if (variableNames.length === 0) return '';
  return JSON.stringify(variableNames.map((name) => (Object.hasOwn(variables, name) ? [variables[name]] : [])));
}

/** The request for these slots only. */
export function requestFor(policy: FetchPolicy, request: SubgraphRequest, slots: readonly Slot[]): SubgraphRequest {
  const parts = policy.parts.filter((part) => slots.some((slot) => slot.part === part));
  const narrowed = policy.narrow(request, parts);
  const variables: Record<string, unknown> = { ...narrowed.variables };
  for (const part of parts) {
    if (part.representations !== null) variables[part.representations] = slots.flatMap((slot) => (slot.part === part ? [slot.representation] : []));
  }
  return { ...narrowed, variables };
}

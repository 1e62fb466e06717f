import type { GraphQLResolveInfo } from 'graphql';
import { Directive } from 'type-graphql';
import type { RequestScope } from '../frame/module.ts';

/*
 * How long what a field says may be kept, for whom, and what tells when it changes. `@cacheControl` as Apollo has it: root fields
 * and objects are not kept unless they say so, leaves as long as what they belong to. `@cacheTag` as federation has it.
 * What changes a thing is announced in domain/events.ts; gateway/cache/change-tags.ts makes tags of it.
 */

type Decorator = ReturnType<typeof Directive>;

/** May be kept so long. PRIVATE: for this very caller only. */
export const KeptFor = (seconds: number, sharing: 'PUBLIC' | 'PRIVATE' = 'PUBLIC'): Decorator =>
  Directive(`@cacheControl(maxAge: ${seconds}${sharing === 'PRIVATE' ? ', scope: PRIVATE' : ''})`);

/** May be kept as long as what it belongs to: a value, not a thing of its own. */
export const KeptAsPart = (): Decorator => Directive('@cacheControl(inheritMaxAge: true)');

/** @param format for example `Stock:{$key.sku}` on a type, `Order:{$args.id}` on a root field */
export const ChangesWith = (format: string): Decorator => Directive(`@cacheTag(format: ${JSON.stringify(format)})`);

interface Collected {
  readonly common: Set<string>;
  /** By response key of `_entities`, by place of the entity. */
  readonly byEntity: Map<string, Map<number, Set<string>>>;
}

const collected = new WeakMap<RequestScope, Collected>();

function open(scope: RequestScope): Collected {
  let tags = collected.get(scope);
  if (!tags) collected.set(scope, (tags = { common: new Set(), byEntity: new Map() }));
  return tags;
}

/** Everything in this answer changes with these. */
export function tagAnswer(scope: RequestScope, tags: Iterable<string>): void {
  const { common } = open(scope);
  for (const tag of tags) common.add(tag);
}

/** What this field belongs to, an entity or a root field, changes with these. */
export function tagPlace(scope: RequestScope, { path }: Pick<GraphQLResolveInfo, 'path'>, tags: Iterable<string>): void {
  let [place, above, entity] = [path, path.prev, null as number | null];
  while (above) {
    if (!above.prev && typeof place.key === 'number') entity = place.key;
    [place, above] = [above, above.prev];
  }
  if (entity === null) return tagAnswer(scope, tags);
  const { byEntity } = open(scope);
  const key = String(place.key);
  const ofKey = byEntity.get(key) ?? new Map<number, Set<string>>();
  byEntity.set(key, ofKey);
  const ofEntity = ofKey.get(entity) ?? new Set<string>();
  ofKey.set(entity, ofEntity);
  for (const tag of tags) ofEntity.add(tag);
}

/** For the extensions of the answer, in the words of gateway/cache/answer-tags.ts; null: no tags were given. */
export function collectedTags(scope: RequestScope): Readonly<Record<string, unknown>> | null {
  const tags = collected.get(scope);
  if (!tags) return null;
  const entities = [...tags.byEntity].map(([key, ofKey]) => {
    const last = Math.max(...ofKey.keys());
    return [key, Array.from({ length: last + 1 }, (_, index) => [...(ofKey.get(index) ?? [])])] as const;
  });
  return {
    ...(tags.common.size > 0 && { apolloCacheTags: [...tags.common] }),
    ...(entities.length > 0 && { apolloEntityCacheTags: Object.fromEntries(entities) }),
  };
}

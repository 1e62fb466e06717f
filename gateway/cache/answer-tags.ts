/**
 * Tags that only the subgraph knows, told in the extensions of its answer. As Apollo's router has it: `apolloCacheTags`, a list of
 * tags for everything in the answer; `apolloEntityCacheTags`, for each entity of `_entities` a list of its tags. Where one
 * request asks for `_entities` several times under aliases the latter is an object of such lists by alias.
 */
export interface AnswerTags {
  readonly apolloCacheTags?: unknown;
  readonly apolloEntityCacheTags?: unknown;
}

type ReadTags = (key: string, entity: number | null) => readonly string[];

const NONE: readonly string[] = [];

export function readAnswerTags(extensions: unknown): ReadTags {
  if (extensions === null || typeof extensions !== 'object') return () => NONE;
  const { apolloCacheTags, apolloEntityCacheTags: ofEntities } = extensions as AnswerTags;
  const common = textsIn(apolloCacheTags);
  return (key, entity) => {
    if (entity === null || ofEntities === null || typeof ofEntities !== 'object') return common;
    const lists: unknown = Array.isArray(ofEntities) ? ofEntities : (ofEntities as Readonly<Record<string, unknown>>)[key];
    const own = Array.isArray(lists) ? textsIn(lists[entity]) : NONE;
    return own.length === 0 ? common : [...common, ...own];
  };
}

const textsIn = (tags: unknown): readonly string[] => (Array.isArray(tags) ? tags.filter((tag): tag is string => typeof tag === 'string') : NONE);

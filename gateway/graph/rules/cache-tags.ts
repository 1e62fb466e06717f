import { Kind, type ConstDirectiveNode, type ConstValueNode } from 'graphql';
import { unenforced } from './access.ts';
import type { TypeFacts, TypesByName } from './definitions.ts';
import { argumentOf, textOf } from './links.ts';

/** `@cacheTag(format:)` of a type or a root field, as composition carries it over. */
export interface CacheTagRule {
  /** "Product", or "Query.products". */
  readonly place: string;
  /** Text with `{$key.sku}` (types) or `{$args.id}` (root fields) in it. */
  readonly format: string;
  /** The subgraphs that declare it, by their names in the supergraph's join__Graph. */
  readonly graphs: readonly string[];
}

const PLACEHOLDER = /\{\$(\w+)\.([\w.]+)\}/g;

/** @throws Error naming the coordinate of a tag that could never be filled: what it should clear from a cache would stay there */
export function readCacheTags(types: TypesByName): readonly CacheTagRule[] {
  const tags: CacheTagRule[] = [];
  const add = (place: string, directives: readonly ConstDirectiveNode[], known: ReadonlySet<string>): void => {
    for (const directive of directives) {
      if (directive.name.value !== 'join__directive' || !/(^|__)cacheTag$/.test(textOf(argumentOf(directive, 'name')))) continue;
      const format = textOf(memberOf(argumentOf(directive, 'args'), 'format'));
      if (format === '') throw unenforced(place, 'its @cacheTag has no format');
      const source = place.includes('.') ? 'args' : 'key';
      for (const [placeholder, scope, path] of format.matchAll(PLACEHOLDER)) {
        if (scope !== source || !known.has(path!.split('.')[0]!)) throw unenforced(place, `its @cacheTag cannot fill ${placeholder}`);
      }
      tags.push({ place, format, graphs: namesOf(argumentOf(directive, 'graphs')) });
    }
  };
  for (const type of types.values()) {
    add(type.name, type.directives, keyFieldsOf(type));
    for (const field of type.fields.values()) add(`${type.name}.${field.name.value}`, field.directives ?? [], new Set(field.arguments?.map(({ name }) => name.value)));
  }
  return tags;
}

/** First names in the keys of a type, which is what a tag of an entity may be made of. */
const keyFieldsOf = ({ directives }: TypeFacts): ReadonlySet<string> =>
  new Set(directives.flatMap((directive) => (directive.name.value === 'join__type' ? (textOf(argumentOf(directive, 'key')).match(/\w+/g) ?? []) : [])));

const memberOf = (value: ConstValueNode | undefined, name: string): ConstValueNode | undefined =>
  value?.kind === Kind.OBJECT ? value.fields.find((field) => field.name.value === name)?.value : undefined;

const namesOf = (value: ConstValueNode | undefined): readonly string[] =>
  value?.kind === Kind.LIST ? value.values.flatMap((one) => (one.kind === Kind.ENUM ? [one.value] : [])) : [];

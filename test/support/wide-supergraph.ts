import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])';
const FIELDS = 8;

export interface Width {
  readonly subgraphs: number;
  readonly types: number;
}

/**
 * A graph that is hard on planners: an interface and a union of many types, all of which every subgraph knows and can answer.
 * Each subgraph has a field of its own as well, so that types have to be asked elsewhere.
 */
export function composeWide({ subgraphs, types }: Width): string {
  const services = Array.from({ length: subgraphs }, (_, index) => ({ name: `s${index}`, url: `http://s${index}.test/graphql`, typeDefs: parse(subgraph(index, types)) }));
  const { supergraphSdl, errors } = composeServices(services);
  if (!supergraphSdl) throw new Error(errors?.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}

function subgraph(index: number, types: number): string {
  const each = (count: number, text: (one: number) => string): string => Array.from({ length: count }, (_, one) => text(one)).join(' ');
  const members = each(types, (type) => `type T${type} implements Node @key(fields: "id") {
    id: ID! name: String @shareable own${index}: String any: Any @shareable
    ${each(FIELDS, (field) => `f${field}: String @shareable r${field}: Node @shareable`)}
  }`);
  return `${LINK}
    type Query { node: Node @shareable any: Any @shareable }
    interface Node { id: ID! name: String own${index}: String ${each(FIELDS, (field) => `f${field}: String r${field}: Node`)} }
    union Any = ${Array.from({ length: types }, (_, type) => `T${type}`).join(' | ')}
    ${members}`;
}

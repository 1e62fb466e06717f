import { buildSchema, execute, parse, type GraphQLResolveInfo } from 'graphql';
import { describe, expect, it } from 'vitest';
import { collectedTags, tagAnswer, tagPlace } from '../../../../subgraphs/graph/cache-tags.ts';
import { scopeOf } from '../../gateway/cache/facts-graph.ts';

const schema = buildSchema('type Query { things: [Thing!]! one: Thing } type Thing { sku: ID! kin: [Thing!]! deep: Int }');

function tagging(source: string) {
  const scope = scopeOf();
  const thing = (sku: string): object => ({
    sku,
    kin: () => [thing(`${sku}.0`), thing(`${sku}.1`)],
    deep: (_args: unknown, _context: unknown, info: GraphQLResolveInfo) => {
      tagPlace(scope, info, [`Stock:${sku}`]);
      return 1;
    },
  });
  execute({ schema, document: parse(source), rootValue: { things: [thing('a'), thing('b')], one: thing('c') } });
  return { scope, tags: collectedTags(scope) };
}

describe('tags that only the subgraph knows', () => {
  it('belong to the entity they were given below, whatever the list is called in the request', () => {
    expect(tagging('{ e0: things { deep } e1: things { kin { deep } } }').tags).toEqual({
      apolloEntityCacheTags: { e0: [['Stock:a'], ['Stock:b']], e1: [['Stock:a.0', 'Stock:a.1'], ['Stock:b.0', 'Stock:b.1']] },
    });
  });

  it('belong to the whole answer where they were given below a root field, or for all of it', () => {
    const { scope, tags } = tagging('{ one { deep kin { deep } } }');
    expect(tags).toEqual({ apolloCacheTags: ['Stock:c', 'Stock:c.0', 'Stock:c.1'] });
    tagAnswer(scope, ['Catalog', 'Catalog']);
    expect(collectedTags(scope)).toEqual({ apolloCacheTags: ['Stock:c', 'Stock:c.0', 'Stock:c.1', 'Catalog'] });
  });

  it('are not there where none were given', () => expect(tagging('{ things { sku } }').tags).toBeNull());
});

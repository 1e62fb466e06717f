import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { getOperationAST } from 'graphql';
import { describe, expect, it } from 'vitest';
import { narrowOperation } from '../../../gateway/execution/planning/narrowed-operation.ts';
import { createPlanWeigher } from '../../../gateway/execution/planning/plan-weight.ts';
import { createPlanningThread } from '../../../gateway/execution/planning/planning-thread.ts';
import { loadSupergraph, type Supergraph } from '../../../gateway/execution/planning/supergraph.ts';
import { createDocuments } from '../../../gateway/graph/documents.ts';
import { countFieldPairs } from '../../../gateway/limits/weight/field-pairs.ts';
import { DEFAULT_LIMITS } from '../../../gateway/limits/limits.ts';
import { fragmentsOf } from '../../../gateway/limits/weight/operation-facts.ts';
import { parse } from 'graphql';
import { composeWide } from '../../support/wide-supergraph.ts';
import { worstOfCommerce, worstOfWide, type Fate } from '../../support/worst-documents.ts';

const commerce = loadSupergraph(readFileSync(fileURLToPath(new URL('../../../schema/supergraph.graphql', import.meta.url)), 'utf8'));
const wide = loadSupergraph(composeWide({ subgraphs: 5, types: 12 }));

/** What becomes of a text, by counting alone: nothing here depends on how fast anything is. */
function fateOf(supergraph: Supergraph, text: string): Fate | string {
  const { apiSchema: schema, interfaceObjects } = supergraph;
  try {
    const document = createDocuments(schema, DEFAULT_LIMITS).read(text);
    const operation = getOperationAST(document)!;
    const conditions = Object.fromEntries((operation.variableDefinitions ?? []).map(({ variable }) => [variable.name.value, true]));
    const narrowed = narrowOperation({ scope: { schema, fragments: fragmentsOf(document), conditions, restore: (key) => key }, operation, root: schema.getRootType(operation.operation)!, interfaceObjects });
    return createPlanningThread(supergraph).isHeavy({ kind: 'Document', definitions: [narrowed] } as never) ? 'thread' : 'here';
  } catch (error) {
    const { message, extensions } = error as { message: string; extensions?: { limit?: string } };
    return extensions?.limit ? { refused: extensions.limit } : message;
  }
}

describe('the worst that 10 kB can do', () => {
  it.each([...worstOfCommerce(commerce.apiSchema).map((one) => ({ ...one, graph: commerce })), ...worstOfWide(wide.apiSchema).map((one) => ({ ...one, graph: wide }))])('$name is refused by its text, or planned where nobody waits', ({ text, fate, graph }) => {
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(10_240);
    expect(fateOf(graph, text)).toEqual(fate);
  });

  it('is not what storefronts ask: the heaviest of them stays below', () => {
    const weigh = createPlanWeigher(commerce.sdl, commerce.apiSchema);
    expect(weigh(parse('{ products { nodes { name variants { sku price { unitPrice { amount currencyCode } } availability { status quantity } } } } }'))).toBeLessThan(50);
  });
});

describe('pairs of fields', () => {
  const pairs = (text: string): number => countFieldPairs(parse(text), 1_000_000);

  it('are counted as validation compares them', () => {
    expect(pairs('{ a b c }')).toBe(0);
    expect(pairs('{ a a a }')).toBe(3);
    expect(pairs('{ a { b } a { b } a { c } }')).toBe(3 + 1);
    expect(pairs('{ x: a x: b ... { x: c } }')).toBe(3);
    expect(pairs('{ ...F ...F a } fragment F on Query { a }')).toBe(1);
    // Fragments are compared with each other, and each by itself again.
    expect(pairs('{ ...F ...G } fragment F on Query { a { b } } fragment G on Query { a { b } }')).toBe(1 + 1 + 1);
  });
});

import { buildSchema, getOperationAST, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { ANONYMOUS, type Principal, type Scope } from '../../../domain/principal.ts';
import { readAccessRules } from '../../../gateway/graph/rules/access.ts';
import { loadSupergraph } from '../../../gateway/execution/planning/supergraph.ts';
import { composeSmall } from '../../support/small-supergraph.ts';

const sdl = composeSmall();
const rules = readAccessRules(sdl, loadSupergraph(sdl).apiSchema);
const holding = (...scopes: Scope[]): Principal => ({ ...ANONYMOUS, subject: 's', kind: 'SERVICE', scopes });

function codeFor(text: string, principal: Principal, name?: string): unknown {
  const document = parse(text);
  try {
    rules.check(document, getOperationAST(document, name)!, principal);
  } catch (error) {
    return (error as { extensions: Record<string, unknown> }).extensions['code'];
  }
  return null;
}

describe('access rules', () => {
  const inFragment = '{ item(id: 1) { ...F } } fragment F on Item { ... { price } }';

  it('reach into fragments, aliases, unions and subscriptions', () => {
    for (const text of [inFragment, '{ a: items { b: price } }', '{ everything { ... on Item { price } } }']) {
      expect(codeFor(text, holding())).toBe('FORBIDDEN');
      expect(codeFor(text, holding('price:read'))).toBeNull();
    }
    expect(codeFor('subscription { stockChanged(skus: []) { id } }', holding())).toBe('FORBIDDEN');
    expect(codeFor('subscription { stockChanged(skus: []) { price } }', holding('availability:read'))).toBe('FORBIDDEN');
    expect(codeFor('mutation { rename(id: 1, name: "") { id } }', holding('price:read'))).toBe('FORBIDDEN');
  });

  it('tell a stranger to sign in, and somebody signed in what is missing', () => {
    expect(codeFor(inFragment, ANONYMOUS)).toBe('UNAUTHENTICATED');
    expect(codeFor('{ mine }', ANONYMOUS)).toBe('UNAUTHENTICATED');
    expect(codeFor('{ mine }', holding())).toBeNull();
  });

  it('hold for scalars as for fields', () => {
    expect(codeFor('{ item(id: 1) { cost } }', holding('price:read'))).toBe('FORBIDDEN');
    expect(codeFor('{ item(id: 1) { cost } }', holding('operations'))).toBeNull();
  });

  it('ask only for what this operation of the document asks for', () => {
    const text = 'query Look { item(id: 1) { id } } mutation Change { rename(id: 1, name: "x") { id } }';
    expect(codeFor(text, holding(), 'Look')).toBeNull();
    expect(codeFor(text, holding(), 'Change')).toBe('FORBIDDEN');
  });

  it('need, through an interface, what every type behind it needs', () => {
    const text = `
      schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/requiresScopes/v0.1", as: "scoped", for: SECURITY) { query: Query }
      type Query { offers: [Offer] } interface Offer { price: String } type Plain implements Offer { price: String }
      type Contract implements Offer { price: String @scoped(scopes: [["price:read"], ["operations"]]) }`;
    const plain = text.replace(/@link\([^)]*\)/g, '').replace(/@scoped\([^)]*\)/, '');
    const { check } = readAccessRules(text, buildSchema(plain));
    const document = parse('{ offers { price } }');
    expect(() => check(document, getOperationAST(document)!, holding())).toThrow('Contract.price needs the scope price:read, or operations');
    expect(() => check(document, getOperationAST(document)!, holding('operations'))).not.toThrow();
  });

  it('refuse to start with a rule nobody would enforce', () => {
    const text = 'type Query { a: String @policy(policies: [["p"]]) }';
    expect(() => readAccessRules(text, buildSchema('type Query { a: String }'))).toThrow('Query.a carries the policy "p", which nobody here can decide');
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Kind, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { loadSupergraph } from '../../../gateway/execution/planning/supergraph.ts';
import { readGraphRules } from '../../../gateway/graph/rules/graph-rules.ts';
import { DEFAULT_LIMITS, enforceLimits } from '../../../gateway/limits/limits.ts';

const root = fileURLToPath(new URL('../../../schema/', import.meta.url));
const folder = `${root}operations/`;
const sdl = readFileSync(`${root}supergraph.graphql`, 'utf8');
const { apiSchema } = loadSupergraph(sdl);
const rules = readGraphRules(sdl, apiSchema);
const files = readdirSync(folder).filter((file) => file.endsWith('.graphql'));

describe('the storefront\'s operations', () => {
  it('are there', () => {
    expect(files).toEqual(['basket-check.graphql', 'checkout.graphql', 'order.graphql', 'orders.graphql', 'product-list.graphql', 'product-page.graphql', 'subscriptions.graphql']);
  });

  it.each(files)('%s is valid against the API schema', (file) => {
    expect(validate(apiSchema, parse(readFileSync(folder + file, 'utf8'))).map(({ message }) => message)).toEqual([]);
  });

  it.each(files)('%s holds named operations within the limits of every caller', (file) => {
    const document = parse(readFileSync(folder + file, 'utf8'));
    const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
    expect(operations.length).toBeGreaterThan(0);
    for (const operation of operations) {
      expect(operation.name?.value).toMatch(/^[A-Z]/);
      expect(() => enforceLimits(DEFAULT_LIMITS, rules, document, operation, { first: 24 })).not.toThrow();
    }
  });

  it('have names of their own', () => {
    const names = files.flatMap((file) => parse(readFileSync(folder + file, 'utf8')).definitions.flatMap((definition) => (definition.kind === Kind.OPERATION_DEFINITION ? [definition.name?.value] : [])));
    expect(new Set(names).size).toBe(names.length);
  });
});

import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { execute, parse, validate, type ExecutionResult } from 'graphql';
import { expect, test } from 'vitest';
import { createExecutor, type FederationExecutor } from '../../../gateway/execution/executor.ts';
import { writeRandomOperation, type Draw, type RandomOperation } from '../random-operation.ts';
import { composeCut, createCutGraph, type CutGraph } from './cut-fixture.ts';
import { drawCut, type Cut } from './random-cut.ts';
import { drawModel } from './random-model.ts';

const seed = Number(process.env['FEDERATION_SEED'] ?? 20_261_121);
const cuts = Number(process.env['FEDERATION_CUTS'] ?? 60);
const QUERIES_PER_CUT = 6;
const TEXTS = ['Item0-0', 'Item0-2', 'Item1-1', 'x', 'y', 'nobody'];

interface Drawn {
  readonly cut: Cut;
  readonly graph: CutGraph;
  readonly executor: FederationExecutor;
}

function drawGraph(draw: Draw): Drawn | null {
  const cut = drawCut(drawModel(draw), draw);
  const sdl = composeCut(cut);
  if (sdl === null) return null;
  const graph = createCutGraph(cut, sdl);
  return { cut, graph, executor: createExecutor({ supergraph: graph.supergraph }) };
}

/** A valid one, with names that collide as often as validity permits. */
function drawOperation({ graph: { monolith } }: Drawn, draw: Draw): RandomOperation | null {
  const aliases = draw(1) === 0 ? null : ['id', 'code', 'plain0', 'common0', 'part', 'size0', 'link0', 'x', 'price__required_0'];
  const options = { aliases, conditions: draw(2) === 0, maxDepth: 3, texts: TEXTS, bareArguments: true };
  for (let attempt = 0; attempt < 5; attempt++) {
    const operation = writeRandomOperation(monolith, draw, options);
    if (validate(monolith, parse(operation.source)).length === 0) return operation;
  }
  return null;
}

const askMonolith = ({ graph }: Drawn, { source, variables }: RandomOperation): Promise<ExecutionResult> =>
  Promise.resolve(execute({ schema: graph.monolith, document: parse(source), variableValues: variables }));

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

function describe({ cut }: Drawn, operation: RandomOperation, more = ''): string {
  const schemas = cut.subgraphs.map(({ name, sdl }) => `# ${name}\n${sdl}`).join('\n');
  return `seed ${seed}\n${schemas}\n${operation.source}\n${JSON.stringify(operation.variables)}\n${more}`;
}

async function expectSame(drawn: Drawn, operation: RandomOperation): Promise<void> {
  const expected = await askMonolith(drawn, operation);
  const actual = await drawn.executor.execute({ ...operation, clients: drawn.graph.clients });
  expect(actual.errors?.map(({ message, path }) => `${message} at ${String(path)}`), describe(drawn, operation)).toEqual(expected.errors);
  expect(JSON.stringify(actual.data), describe(drawn, operation)).toBe(JSON.stringify(expected.data));
}

/** Equal, but for nulls in the place of values. */
function isNulled(actual: unknown, expected: unknown): boolean {
  if (actual === null || actual === expected) return true;
  if (typeof actual !== 'object' || typeof expected !== 'object' || expected === null) return false;
  const keys = Object.keys(expected);
  if (Object.keys(actual).join() !== keys.join()) return false;
  return keys.every((key) => isNulled((actual as Record<string, unknown>)[key], (expected as Record<string, unknown>)[key]));
}

/** Whether every null that should be a value lies under, over or at an error's path. */
function isExplained(actual: unknown, expected: unknown, paths: readonly (readonly (string | number)[])[], at: (string | number)[] = []): boolean {
  if (isDeepStrictEqual(actual, expected)) return true;
  if (actual === null) {
    return paths.some((path) => path.slice(0, at.length).every((part, index) => part === at[index]) || at.slice(0, path.length).every((part, index) => part === path[index]));
  }
  return Object.keys(expected as object).every((key) =>
    isExplained((actual as Record<string, unknown>)[key], (expected as Record<string, unknown>)[key], paths, [...at, Array.isArray(actual) ? Number(key) : key]),
  );
}

async function expectTruth(drawn: Drawn, operation: RandomOperation): Promise<void> {
  const expected = asJson((await askMonolith(drawn, operation)).data);
  const down = { execute: () => Promise.reject(new Error('down')) };
  for (const { name } of drawn.cut.subgraphs) {
    const { data, errors = [] } = await drawn.executor.execute({ ...operation, clients: { ...drawn.graph.clients, [name]: down } });
    const actual = asJson(data);
    const label = describe(drawn, operation, `without ${name}: ${JSON.stringify(actual)}\nexpected ${JSON.stringify(expected)}\n${JSON.stringify(errors)}`);
    expect(isNulled(actual, expected), label).toBe(true);
    expect(isExplained(actual, expected, errors.map(({ path = [] }) => path)), label).toBe(true);
    expect(errors.filter(({ extensions }) => extensions['service'] !== name), label).toEqual([]);
  }
}

/** The drawn numbers say nothing to a reader; the cause has the schemas, the operation and the seed. */
function report<Drawn>(details: fc.RunDetails<Drawn>): void {
  if (details.failed) throw new Error(`FEDERATION_SEED=${details.seed}, path ${details.counterexamplePath}, after ${details.numRuns} cuts`, { cause: details.errorInstance });
}

async function check(seed: number, runs: number, verify: (drawn: Drawn, operation: RandomOperation) => Promise<void>): Promise<void> {
  let asked = 0;
  let refused = 0;
  const property = fc.asyncProperty(fc.gen(), async (gen) => {
    const draw: Draw = (max) => gen(fc.nat, { max });
    const drawn = drawGraph(draw);
    if (!drawn) refused += 1;
    fc.pre(drawn !== null);
    for (let query = 0; query < QUERIES_PER_CUT; query++) {
      const operation = drawOperation(drawn!, draw);
      if (!operation) continue;
      await verify(drawn!, operation);
      asked += 1;
    }
  });
  await fc.assert(property, { seed, numRuns: runs, maxSkipsPerRun: 20, endOnFailure: true, asyncReporter: async (details) => report(details) });
  console.log(`random cuts: seed ${seed}, ${runs} cuts, ${asked} operations; ${refused} cuts did not compose`);
  expect(asked).toBeGreaterThan(runs * QUERIES_PER_CUT * 0.5);
}

test('however a graph is cut, random operations are answered as by the graph in one piece', { timeout: 3_600_000 }, () => check(seed, cuts, expectSame));

test('whichever subgraph is down, nothing wrong is answered and everything missing is explained', { timeout: 3_600_000 }, () => check(seed + 1, Math.ceil(cuts / 3), expectTruth));

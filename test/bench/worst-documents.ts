import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { getOperationAST, type DocumentNode } from 'graphql';
import { createExecutor } from '../../gateway/execution/executor.ts';
import { createPlanningThread } from '../../gateway/execution/planning/planning-thread.ts';
import { loadSupergraph, type Supergraph } from '../../gateway/execution/planning/supergraph.ts';
import { createDocuments } from '../../gateway/graph/documents.ts';
import { readGraphRules } from '../../gateway/graph/rules/graph-rules.ts';
import { ANONYMOUS } from '../../domain/principal.ts';
import { DEFAULT_LIMITS, enforceLimits } from '../../gateway/limits/limits.ts';
import { worstOfCommerce, worstOfWide, type WorstDocument } from '../support/worst-documents.ts';
import { composeWide } from '../support/wide-supergraph.ts';
import { percentile, printTable, type Outcome } from './report.ts';

/** Other requests may be delayed by one document for so long. */
const MAX_DELAY_MS = 50;
/** The least of so many first times: what else the machine does is not what is asked. */
const TRIES = 7;

/**
 * What the worst documents of 10 kB keep the event loop from, stage by stage and each text for the first time, on the graph of this
 * project and on one that is hard on planners. A subgraph is never asked: what is measured ends with the plan.
 */
export async function run(): Promise<Outcome> {
  const commerce = loadSupergraph(readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8'));
  const wide = loadSupergraph(composeWide({ subgraphs: 5, types: 12 }));
  const failures: string[] = [];
  for (const [name, supergraph, documents] of [['commerce', commerce, worstOfCommerce(commerce.apiSchema)], ['wide', wide, worstOfWide(wide.apiSchema)]] as const) {
    console.log(`\n  ${name}`);
    const rows = await measureAll(supergraph, documents);
    printTable(['document', 'bytes', 'read', 'weigh', 'plan', 'longest stop', 'timer late', 'fate'], rows.map(({ cells }) => cells));
    for (const { document, longestMs } of rows) if (longestMs > MAX_DELAY_MS) failures.push(`${name}: "${document}" takes the event loop for ${longestMs.toFixed(0)} ms`);
  }
  console.log(`
  Milliseconds without a pause on the main thread, the least of ${TRIES} first times; read is parsing, counting and validating, plan
  what is left of planning where the thread takes it. The delay is that of a timer beside it (median of ${TRIES}), whatever else the machine does.`);
  return { failures };
}

interface Row {
  readonly document: string;
  readonly longestMs: number;
  readonly cells: readonly string[];
}

async function measureAll(supergraph: Supergraph, documents: readonly WorstDocument[]): Promise<readonly Row[]> {
  const rules = readGraphRules(supergraph.sdl, supergraph.apiSchema);
  const thread = createPlanningThread(supergraph);
  const rows: Row[] = [];
  // Code that has never run is compiled first; a gateway that has served a minute has done that.
  for (const { text } of documents) await measureOnce(supergraph, rules, thread, text);
  for (const { name, text } of documents) {
    const tries: Measured[] = [];
    for (let attempt = 0; attempt < TRIES; attempt += 1) tries.push(await measureOnce(supergraph, rules, thread, text));
    const least = (pick: (one: Measured) => number): number => Math.min(...tries.map(pick));
    const stages = [least(({ readMs }) => readMs), least(({ weighMs }) => weighMs), least(({ planMs }) => planMs)];
    const longestMs = Math.max(...stages);
    const delayMs = percentile(tries.map(({ delay }) => delay), 0.5);
    rows.push({ document: name, longestMs, cells: [name, String(Buffer.byteLength(text)), ...[...stages, longestMs, delayMs].map((value) => value.toFixed(1)), tries[0]!.fate] });
  }
  await thread.close();
  return rows;
}

interface Measured {
  readonly readMs: number;
  readonly weighMs: number;
  readonly planMs: number;
  readonly delay: number;
  readonly fate: string;
}

/** Nothing is kept from one to the next: documents, plans and verdicts are made anew. */
async function measureOnce(supergraph: Supergraph, rules: ReturnType<typeof readGraphRules>, thread: ReturnType<typeof createPlanningThread>, text: string): Promise<Measured> {
  const documents = createDocuments(supergraph.apiSchema, DEFAULT_LIMITS);
  const executor = createExecutor({ supergraph, thread });
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  await new Promise((done) => setTimeout(done, 5));
  histogram.reset();
  const [readMs, document] = timeOf(() => documents.read(text));
  await new Promise((done) => setImmediate(done));
  if (document instanceof Error) return ended({ readMs, weighMs: 0, planMs: 0, fate: `refused: ${limitOf(document)}` }, histogram);
  const [weighMs, weighed] = timeOf(() => weighAll(rules, document));
  if (weighed instanceof Error) return ended({ readMs, weighMs, planMs: 0, fate: `refused: ${limitOf(weighed)}` }, histogram);
  await new Promise((done) => setImmediate(done));
  let view: unknown;
  const [planMs, failed] = timeOf(() => {
    const plan = executor.plan({ source: text, document });
    view = plan.viewSoon(Object.fromEntries((plan.operation.variableDefinitions ?? []).map(({ variable }) => [variable.name.value, true])));
    return null;
  });
  const fate = view instanceof Promise ? await view.then(() => 'thread', (error: Error) => `thread, refused: ${limitOf(error)}`) : failed instanceof Error ? failed.message : 'here';
  return ended({ readMs, weighMs, planMs, fate }, histogram);
}

async function ended(measured: Omit<Measured, 'delay'>, histogram: ReturnType<typeof monitorEventLoopDelay>): Promise<Measured> {
  await new Promise((done) => setTimeout(done, 5));
  histogram.disable();
  return { ...measured, delay: histogram.max / 1e6 };
}

function weighAll(rules: ReturnType<typeof readGraphRules>, document: DocumentNode): null {
  const operation = getOperationAST(document)!;
  enforceLimits(DEFAULT_LIMITS, rules, document, operation, {});
  try {
    rules.access.check(document, operation, ANONYMOUS);
  } catch {
    // Whether a stranger may ask for it is not what is measured.
  }
  return null;
}

function timeOf<Value>(work: () => Value): readonly [ms: number, value: Value | Error] {
  const startedAt = performance.now();
  let value: Value | Error;
  try {
    value = work();
  } catch (error) {
    value = error as Error;
  }
  return [performance.now() - startedAt, value];
}

const limitOf = (error: Error): string => String((error as { extensions?: { limit?: string } }).extensions?.limit ?? error.message);

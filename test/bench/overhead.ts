import { getOperationAST, parse } from 'graphql';
import type { SubgraphClients } from '../../gateway/execution/fetching/run.ts';
import type { SubgraphCall, SubgraphRequest } from '../../gateway/execution/subgraph-client.ts';
import { withHouse, type House } from './house-in-process.ts';
import { findFullProducts, PRODUCT_PAGE } from './product-page-operation.ts';
import { median, percentile, printTable, type BenchOptions, type Outcome } from './report.ts';

const PRODUCTS = 100;
const document = parse(PRODUCT_PAGE, { noLocation: true });
const operation = getOperationAST(document)!;

/** Subrequests of one operation: those of a stage are sent together, a stage when the one before has been answered. */
type Stages = readonly (readonly { readonly service: string; readonly request: SubgraphRequest }[])[];

/** What the gateway adds to the subgraphs' own time: limits, access, plan, representations, merging, shaping. */
export function run({ roundMs, rounds }: BenchOptions): Promise<Outcome> {
  return withHouse(async (house) => {
    const handles = await findFullProducts((query, variables) => ask(house, query, variables), PRODUCTS);
    const recorded: Stages[] = [];
    for (const handle of handles) recorded.push(await record(house, handle));
    const times = { gateway: [] as number[], direct: [] as number[] };
    const measureUntil = async (endsAtMs: number, keep: boolean): Promise<void> => {
      for (let index = 0; performance.now() < endsAtMs; index = (index + 1) % handles.length) {
        const gateway = await timed(() => ask(house, PRODUCT_PAGE, { handle: handles[index]! }));
        const direct = await timed(() => replay(house, recorded[index]!));
        if (!keep) continue;
        times.gateway.push(gateway);
        times.direct.push(direct);
      }
    };
    await measureUntil(performance.now() + roundMs, false);
    await measureUntil(performance.now() + roundMs * rounds, true);
    report(times, recorded[0]!, handles.length);
    return { failures: [] };
  });
}

async function ask({ server, createScope }: House, query: string, variables: Readonly<Record<string, unknown>>) {
  const scope = createScope();
  const own = query === PRODUCT_PAGE ? { document, operation } : parsed(query);
  server.admit({ ...own, variables, scope });
  return (await server.execute({ source: query, ...own, variables, scope })).result;
}

function parsed(query: string) {
  const other = parse(query);
  return { document: other, operation: getOperationAST(other)! };
}

/** Runs the page once and notes what each subgraph was asked, and in which stage. */
async function record({ server, createScope }: House, handle: string): Promise<Stages> {
  const stages: { service: string; request: SubgraphRequest }[][] = [];
  let waiting = 0;
  const clients: SubgraphClients = Object.fromEntries(Object.entries(server.clients).map(([service, client]) => [service, {
    execute: async (request, call) => {
      if (waiting === 0) stages.push([]);
      stages.at(-1)!.push({ service, request: structuredClone(request) });
      waiting += 1;
      try {
        return await client.execute(request, call);
      } finally {
        waiting -= 1;
      }
    },
  }]));
  const scope = createScope();
  const { errors } = await server.executor.execute({ source: PRODUCT_PAGE, document, variables: { handle }, clients, signal: scope.signal, context: scope });
  if (errors?.length) throw new Error(`the product page of ${handle} has errors: ${errors[0]!.message}`);
  return stages;
}

async function replay({ server, createScope }: House, stages: Stages): Promise<void> {
  const scope = createScope();
  const call: SubgraphCall = { signal: scope.signal, deadlineAtMs: scope.deadlineAtMs, context: scope };
  for (const stage of stages) await Promise.all(stage.map(({ service, request }) => server.clients[service]!.execute(request, call)));
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function report({ gateway, direct }: { readonly gateway: readonly number[]; readonly direct: readonly number[] }, stages: Stages, products: number): void {
  const added = gateway.map((time, index) => time - direct[index]!);
  const row = (name: string, values: readonly number[]): string[] => [name, median(values).toFixed(3), percentile(values, 0.9).toFixed(3)];
  printTable(['', 'p50 ms', 'p90 ms'], [row('through the gateway', gateway), row('the same subrequests directly', direct), row('difference of each pair', added)]);
  const share = (median(gateway) - median(direct)) / median(gateway);
  console.log(`
  The gateway adds ${(median(gateway) - median(direct)).toFixed(3)} ms at p50, ${(share * 100).toFixed(1)} % of the answer's time.
  Plan: ${stages.map((stage) => stage.map(({ service }) => service).join(' + ')).join(', then ')}. In process, one request at a time over ${products} products,
  through and direct in turn (${gateway.length} pairs after one warm-up round). Through: limits, access, executor. Directly: the
  recorded subrequests of that page sent stage by stage to the same subgraph clients.`);
}

import type { QueryPlan } from '@apollo/query-planner';
import type { ExecutionResult } from 'graphql';
import { withHouse, type House } from './house-in-process.ts';
import { readCases, type OperationCase, type Shopped } from './operation-cases.ts';
import { findFullProducts } from './product-page-operation.ts';
import { printTable, type Outcome } from './report.ts';

/** Requests to subgraphs for each operation of the storefront: one per fetch of its plan, however many objects it shows. */
export function run(): Promise<Outcome> {
  return withHouse(async (house) => {
    const { cases, missing } = readCases();
    const failures = missing.map((name) => `the operation ${name} of schema/operations has no variables in operation-cases.ts`);
    const shop = await goShopping(house);
    const rows: string[][] = [];
    for (const operation of cases) {
      const { row, problems } = await count(house, operation, shop);
      rows.push(row);
      failures.push(...problems);
    }
    printTable(['operation', 'kind', 'stages', 'requests', 'by subgraph (sent of planned)'], rows);
    console.log(`
  Planned are the fetch nodes of the operation's query plan; sent is what the executor counted while it ran on sample data.
  "stages" is the longest chain of fetches that wait for each other. A fetch of the plan is one request, or none where
  nothing was left to ask; the run fails where more were sent than planned.`);
    return { failures };
  });
}

async function goShopping(house: House): Promise<Shopped> {
  const ask = (source: string, variables: Readonly<Record<string, unknown>>) => execute(house, { source, variables });
  const [handle] = await findFullProducts(ask, 1);
  const { data } = await ask('query ($handle: String!) { product(by: { handle: $handle }) { variants(first: 3) { sku availability { status } } } }', { handle });
  const { variants } = (data as { product: { variants: readonly { sku: string; availability: { status: string } }[] } }).product;
  return { handle: handle!, skus: variants.filter(({ availability }) => availability.status === 'IN_STOCK').map(({ sku }) => sku) };
}

interface Asked {
  readonly source: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
  readonly event?: unknown;
}

function execute({ server, createScope }: House, { source, variables, operationName, event }: Asked): Promise<ExecutionResult> {
  const scope = createScope();
  const request = { variables, clients: server.clients, signal: scope.signal, deadlineAtMs: scope.deadlineAtMs, context: scope, reportSubrequests: true };
  if (event === undefined) return server.executor.execute({ ...request, source, operationName });
  return server.executor.executeSubscriptionEvent({ ...request, plan: server.executor.plan({ source, operationName }), event });
}

async function count(house: House, { source, name, kind, variables, event, learn }: OperationCase, shop: Shopped): Promise<{ row: string[]; problems: string[] }> {
  const filled = variables(shop);
  const { data, errors, extensions } = await execute(house, { source, variables: filled, operationName: name, ...(event && { event: event(shop) }) });
  if (errors?.length || !data) return { row: [name, kind, '-', '-', 'failed'], problems: [`${name}: ${errors?.[0]?.message ?? 'no data'}`] };
  learn?.(data as never, shop);
  const { node } = house.server.executor.plan({ source, operationName: name }).viewUnder(filled).queryPlan;
  const planned = new Map<string, number>();
  const stages = measurePlan(node, planned);
  const sent = extensions?.['subrequests'] as readonly { readonly service: string; readonly count: number }[];
  const of = (service: string): number => planned.get(service) ?? 0;
  return {
    row: [name, kind, String(stages), String(sent.reduce((sum, { count }) => sum + count, 0)), sent.map(({ service, count }) => `${service} ${count} of ${of(service)}`).join(', ')],
    problems: sent.filter(({ service, count }) => count > of(service)).map(({ service, count }) => `${name} asked ${service} ${count} times; its plan has ${of(service)} fetches of it`),
  };
}

/** Counts fetches by subgraph; answers how many of them wait for each other at most. */
function measurePlan(node: QueryPlan['node'], planned: Map<string, number>): number {
  switch (node?.kind) {
    case 'Fetch':
      planned.set(node.serviceName, (planned.get(node.serviceName) ?? 0) + 1);
      return 1;
    case 'Flatten':
      return measurePlan(node.node, planned);
    case 'Sequence':
      return node.nodes.reduce((sum, child) => sum + measurePlan(child, planned), 0);
    case 'Parallel':
      return Math.max(0, ...node.nodes.map((child) => measurePlan(child, planned)));
    case 'Condition':
      return Math.max(measurePlan(node.ifClause, planned), measurePlan(node.elseClause, planned));
    case 'Subscription':
      return measurePlan(node.primary, planned) + measurePlan(node.rest, planned);
    default:
      return 0;
  }
}

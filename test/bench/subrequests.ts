import type { QueryPlan } from '@apollo/query-planner';
import type { ExecutionResult } from 'graphql';
import type { SubgraphClients } from '../../gateway/execution/fetching/run.ts';
import type { SubgraphClient } from '../../gateway/execution/subgraph-client.ts';
import { withHouse, type House } from './house-in-process.ts';
import { readCases, type OperationCase, type Shopped } from './operation-cases.ts';
import { findFullProducts } from './product-page-operation.ts';
import { printTable, type Outcome } from './report.ts';

/** Requests to subgraphs for each operation of the storefront: one per subgraph and stage, however much it shows. */
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
    printTable(['operation', 'kind', 'stages', 'requests', 'by subgraph (requests of planned fetches)'], rows);
    console.log(`
  A stage is what may be asked at one time: a fetch of the query plan belongs to the stage after those it waits for. The
  run fails where a subgraph got more than one request in a stage. Requests are what subgraphs were sent on sample data;
  fetches of one stage share a request, and one that has nothing to ask sends none.`);
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
  readonly clients?: SubgraphClients;
}

function execute({ server, createScope }: House, { source, variables, operationName, event, clients = server.clients }: Asked): Promise<ExecutionResult> {
  const scope = createScope();
  const request = { variables, clients, signal: scope.signal, deadlineAtMs: scope.deadlineAtMs, context: scope };
  if (event === undefined) return server.executor.execute({ ...request, source, operationName });
  return server.executor.executeSubscriptionEvent({ ...request, plan: server.executor.plan({ source, operationName }), event });
}

async function count(house: House, { source, name, kind, variables, event, learn }: OperationCase, shop: Shopped): Promise<{ row: string[]; problems: string[] }> {
  const filled = variables(shop);
  const { clients, sent } = listenTo(house.server.clients);
  const { data, errors } = await execute(house, { source, variables: filled, operationName: name, clients, ...(event && { event: event(shop) }) });
  if (errors?.length || !data) return { row: [name, kind, '-', '-', 'failed'], problems: [`${name}: ${errors?.[0]?.message ?? 'no data'}`] };
  learn?.(data as never, shop);
  const planned = readFetches(house.server.executor.plan({ source, operationName: name }).viewUnder(filled).queryPlan.node);
  const services = [...new Set(sent.map(({ service }) => service))];
  const by = services.map((service) => `${service} ${countOf(sent, service)} of ${countOf(planned, service)}`);
  return {
    row: [name, kind, String(Math.max(...planned.map(({ stage }) => stage))), String(sent.length), by.join(', ')],
    problems: findCrowdedStages(sent, planned).map((crowded) => `${name} asked ${crowded}`),
  };
}

interface Request {
  readonly service: string;
  readonly operationName: string | undefined;
}

function listenTo(clients: SubgraphClients): { readonly clients: SubgraphClients; readonly sent: readonly Request[] } {
  const sent: Request[] = [];
  const wrapped = Object.entries(clients).map(([service, client]): [string, SubgraphClient] => [service, {
    execute(request, call) {
      sent.push({ service, operationName: request.operationName });
      return client.execute(request, call);
    },
  }]);
  return { clients: Object.fromEntries(wrapped), sent };
}

const countOf = (requests: readonly Request[], service: string): number => requests.filter((request) => request.service === service).length;

/** The planner gives each fetch of a named operation a name of its own; a shared request has that of its first fetch. */
function findCrowdedStages(sent: readonly Request[], planned: readonly PlannedFetch[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { service, operationName } of sent) {
    const stage = planned.find((fetch) => fetch.operationName === operationName)?.stage ?? 'none of its plan';
    const place = `${service} in stage ${stage}`;
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return [...counts].filter(([place, count]) => count > 1 || place.endsWith('plan')).map(([place, count]) => `${place} ${count} times`);
}

interface PlannedFetch extends Request {
  readonly stage: number;
}

function readFetches(node: QueryPlan['node'], stage = 1): readonly PlannedFetch[] {
  switch (node?.kind) {
    case 'Fetch':
      return [{ service: node.serviceName, operationName: node.operationName, stage }];
    case 'Flatten':
      return readFetches(node.node, stage);
    case 'Sequence':
      return inSequence(node.nodes, stage);
    case 'Parallel':
      return node.nodes.flatMap((child) => readFetches(child, stage));
    case 'Condition':
      return [...readFetches(node.ifClause, stage), ...readFetches(node.elseClause, stage)];
    case 'Subscription':
      return inSequence([node.primary, node.rest], stage);
    default:
      return [];
  }
}

function inSequence(nodes: readonly QueryPlan['node'][], first: number): readonly PlannedFetch[] {
  const found: PlannedFetch[] = [];
  for (const node of nodes) found.push(...readFetches(node, Math.max(first - 1, ...found.map(({ stage }) => stage)) + 1));
  return found;
}

import { createInProcessClient } from '../../gateway/clients/transport/in-process-client.ts';
import { createGraphSource } from '../../gateway/graph/graph-source.ts';
import { createGraph } from '../../gateway/graph/graph.ts';
import { DEFAULT_LIMITS } from '../../gateway/limits/limits.ts';
import { silentLog } from '../../platform/log.ts';
import { composeProof, proofSchemas } from '../proof/subscriptions/supergraph.ts';
import { startSmallGateway } from '../support/small-gateway.ts';

/* The gateway of the subscribers' bench, as a process that is asked by messages: "MEMORY", or an event to tell. */

let figure = 0;
let executed = 0;
const schemas = proofSchemas(async () => {
  executed += 1;
  return figure;
});
const clients = Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, createInProcessClient({ schema, createContext: () => ({}) })]));
const gateway = await startSmallGateway({
  log: silentLog, streams: { inAll: 0, perAddress: 0, perPrincipal: 0 },
  graphs: createGraphSource(createGraph({ sdl: composeProof(), clients, limits: DEFAULT_LIMITS, cache: null })),
});

const settle = (): Promise<void> => new Promise((done) => setTimeout(done, 2_000));

process.on('message', (order: 'MEMORY' | { readonly figure: number }) => void answer(order).then((answered) => process.send!(answered)));
process.on('disconnect', () => process.exit(0));

async function answer(order: 'MEMORY' | { readonly figure: number }): Promise<object> {
  if (order === 'MEMORY') {
    await settle();
    globalThis.gc!();
    const { rss, heapUsed } = process.memoryUsage();
    return { rss, heap: heapUsed };
  }
  figure = order.figure;
  const at = Date.now();
  const before = process.cpuUsage();
  await gateway.eventLog.append('stock', [{ type: 'stock.changed', sku: 'A', locationCodes: [], sellableBefore: '1', sellableAfter: '2', statusBefore: 'IN_STOCK', statusAfter: 'IN_STOCK', at: '2026-01-01T00:00:00.000Z', version: String(figure) }]);
  await settle();
  const { user, system } = process.cpuUsage(before);
  return { at, executed, cpuMs: (user + system) / 1_000 };
}

process.send!({ url: gateway.url });

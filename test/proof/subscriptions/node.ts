import { createInProcessClient } from '../../../gateway/clients/transport/in-process-client.ts';
import { createGraphSource } from '../../../gateway/graph/graph-source.ts';
import { createGraph } from '../../../gateway/graph/graph.ts';
import { DEFAULT_LIMITS } from '../../../gateway/limits/limits.ts';
import { silentLog } from '../../../platform/log.ts';
import { createRedisEventLog } from '../../../platform/stores/redis-event-log.ts';
import { subscriptions as stock } from '../../../subgraphs/inventory/subscriptions.ts';
import { subscriptions as orders } from '../../../subgraphs/orders/following/subscriptions.ts';
import { startSmallGateway } from '../../support/small-gateway.ts';
import { composeProof, proofSchemas } from './supergraph.ts';
import { createTruthReader } from './truth.ts';

/* One gateway of the proof, as a process: node.ts <port> <Redis> <truth> <events kept>. The definitions are the house's own. */

const [port = '', redis = '', truth = '', capacity = ''] = process.argv.slice(2);
const schemas = proofSchemas(createTruthReader(truth));
const clients = Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, createInProcessClient({ schema, createContext: () => ({}) })]));
const eventLog = await createRedisEventLog({ url: redis, log: silentLog, capacity: Number(capacity) });
const gateway = await startSmallGateway({
  port: Number(port), eventLog, definitions: [...stock, ...orders] as never, log: silentLog, deadlineMs: 60_000,
  graphs: createGraphSource(createGraph({ sdl: composeProof(), clients, limits: DEFAULT_LIMITS, cache: null })),
});
process.on('SIGTERM', () => void gateway.drain().then(() => process.exit(0)));
// The proof's own process may be killed as well.
process.on('disconnect', () => process.exit(0));
process.send!('ready');

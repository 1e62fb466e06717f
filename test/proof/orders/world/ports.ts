import { Failure } from '../../../../domain/failure.ts';
import type { CustomerPort, OrderPort } from '../../../../domain/connector.ts';
import type { PortMap, PortName, PortSource } from '../../../../domain/ports.ts';
import { instant } from '../../../../domain/time.ts';
import { createErpPorts, type ErpConnection } from '../../world/erp-ports.ts';
import type { Network } from '../../world/network.ts';
import type { ErpDesk } from './erp-desk.ts';
import type { ErpLine } from './erp-line.ts';

export interface OrdersErpOptions extends ErpConnection {
  readonly desk: ErpDesk;
  readonly line: ErpLine;
  /** Whether the ERP says no to the next attempt of an order. */
  readonly refuses: (reference: string) => boolean;
  /** Whether it says no to a customer, this time. */
  readonly refusesCustomer: () => boolean;
  /** Milliseconds that takes, this time. */
  readonly hesitation: () => number;
  readonly onRefusal: (reference: string) => void;
  readonly onCreate: (reference: string) => void;
}

const PAGE = 3;
const OVERLAP_MS = 1_000;

/** The ERP as orders and inventory see it: what reads stock may be lost, what writes orders may end in any way. */
export function createOrdersErp(options: OrdersErpOptions): PortSource {
  const { line, network } = options;
  const stock = createErpPorts({ ...options, network: reachable(network, line) });
  const capabilities = { ...stock.port('stock')!.capabilities, delta: ['stock', 'receipts', 'orders'] as const };
  const own: Partial<PortMap> = { orders: orderPort(options), customers: customerPort(options) };
  return {
    port: <N extends PortName>(name: N) => (own[name] ? { source: 'erp', vendor: 'simulated', capabilities, port: own[name] as PortMap[N] } : stock.port(name)),
  };
}

/** Nobody answers while the ERP is down. */
const reachable = (network: Network, line: ErpLine): Network => ({
  ...network,
  ask: async (work) => {
    if (line.isDown()) throw new Failure('UPSTREAM_UNAVAILABLE', 'the ERP is down (simulated)', { system: 'erp', unprocessed: true });
    return network.ask(work);
  },
});

const no = (): Failure => new Failure('UPSTREAM_REJECTED', 'the ERP says no (simulated)', { system: 'erp', vendorCode: 'NO' });

function orderPort({ desk, line, refuses, onRefusal, onCreate, network }: OrdersErpOptions): OrderPort {
  return {
    findOrder: (reference) => line.ask(`look-up of ${reference}`, () => desk.find(reference)),
    createOrder: (order) => {
      onCreate(order.reference);
      return line.ask(`create of ${order.reference}`, () => {
        if (refuses(order.reference)) {
          onRefusal(order.reference);
          throw no();
        }
        return desk.create(order);
      });
    },
    confirmOrder: (id) => line.ask(`confirmation of ${id}`, () => desk.confirm(id)),
    listOrders: ({ cursor, since }) => reachable(network, line).ask(() => {
      const [startedAt, after] = cursor === null ? [network.now(), ''] : (JSON.parse(cursor) as [number, string]);
      const rest = desk.changed(since === null ? null : Date.parse(since)).filter(({ id }) => id > after).toSorted((a, b) => (a.id < b.id ? -1 : 1));
      const records = rest.slice(0, PAGE);
      const next = rest.length > PAGE ? JSON.stringify([startedAt, records.at(-1)!.id]) : null;
      return { records, rejected: [], next, watermark: instant(startedAt - OVERLAP_MS), total: null };
    }),
  };
}

const customerPort = ({ line, network, refusesCustomer, hesitation }: OrdersErpOptions): CustomerPort => ({
  listCustomers: async () => ({ records: [], rejected: [], next: null, watermark: null, total: null }),
  findCustomer: (key) => line.ask('look-up of a customer', () => ('number' in key ? key.number : key.reference)),
  ensureCustomer: async ({ reference }) => {
    const isRefused = await line.ask('a customer', refusesCustomer);
    if (!isRefused) return reference;
    await network.pause(hesitation());
    throw no();
  },
});

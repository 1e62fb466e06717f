import type {
  Capabilities, ContentPort, CustomerPort, ItemPort, OrderPort, PricePort, ReceiptPort, ReturnPort, ShipmentPort, StockPort,
} from './connector.ts';

/** Every port by the name of the domain it serves. */
export interface PortMap {
  readonly items: ItemPort;
  readonly content: ContentPort;
  readonly stock: StockPort;
  readonly receipts: ReceiptPort;
  readonly prices: PricePort;
  readonly customers: CustomerPort;
  readonly orders: OrderPort;
  readonly shipments: ShipmentPort;
  readonly returns: ReturnPort;
}

export type PortName = keyof PortMap;

export interface OwnedPort<N extends PortName> {
  /** Connector instance that owns the domain, e.g. "erp": the `source` shown beside its data. */
  readonly source: string;
  readonly vendor: string;
  readonly capabilities: Capabilities;
  readonly port: PortMap[N];
}

/** Which system answers for which domain: what subgraphs see of the connectors. */
export interface PortSource {
  /** Null when no configured system owns the domain. */
  port<N extends PortName>(name: N): OwnedPort<N> | null;
}

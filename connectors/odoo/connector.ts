import type { Capabilities, Connector } from '../../domain/connector.ts';
import { Failure } from '../../domain/failure.ts';
import { changePort } from './changes.ts';
import { OdooClient, type OdooClientOptions } from './client.ts';
import { customerPort } from './customers.ts';
import { itemPort } from './items.ts';
import { orderPort } from './orders.ts';
import { pricePort } from './prices.ts';
import { receiptPort } from './receipts.ts';
import { returnPort } from './returns.ts';
import { odooSettings, type OdooSettings } from './settings.ts';
import { shipmentPort } from './shipments.ts';
import { stockPort } from './stock.ts';
import { topologyOf } from './topology.ts';

export const settingsSchema = odooSettings;

/** Products, which of them are kits, quants, demand; once a minute warehouses and locations, too. */
const STOCK_READ_REQUESTS = 5;

const capabilitiesOf = (settings: OdooSettings): Capabilities => ({
  liveStock: true,
  nativeAtp: false,
  stockByLocation: true,
  trackingNumbers: true,
  lineShipTo: true,
  amendments: ['QUANTITY', 'ADDRESS', 'DATE'],
  serverPrice: true,
  delta: ['items', 'stock', 'receipts', 'prices', 'priceLists', 'priceRules', 'currencyRates', 'taxRates', 'customers', 'orders', 'shipments', 'creditMemos'],
  changes: 'webhook',
  maxBatch: { page: settings.pageSize, stock: 500, price: 100 },
  maxConcurrency: settings.maxConcurrency,
  requestsPerMinute: settings.requestsPerMinute,
  requestsPerStockRead: STOCK_READ_REQUESTS,
});

/** One Odoo company as a connector. Opens no connection before the first call. */
export function createConnector(options: OdooClientOptions): Connector {
  const client = new OdooClient(options);
  const topologyAt = topologyOf(client);
  return {
    name: options.name,
    vendor: 'odoo',
    capabilities: capabilitiesOf(options.settings),
    items: itemPort(client),
    stock: stockPort(client, topologyAt),
    receipts: receiptPort(client, topologyAt),
    prices: pricePort(client),
    customers: customerPort(client),
    orders: orderPort(client),
    shipments: shipmentPort(client, topologyAt),
    returns: returnPort(client, topologyAt),
    changes: changePort(options.settings),
    ping: async (call) => {
      const companies = await client.read<unknown>({ model: 'res.company', method: 'search_count', args: { domain: [] } }, call);
      if (typeof companies !== 'number') throw new Failure('UPSTREAM_MALFORMED', 'search_count answered no number', { system: options.name });
    },
    close: () => client.close(),
  };
}

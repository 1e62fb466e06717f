import type { Capabilities, Connector } from '../../domain/connector.ts';
import { changePort } from './changes.ts';
import { AkeneoClient, type AkeneoClientOptions } from './client.ts';
import { contentPort } from './content.ts';
import { akeneoSettings, type AkeneoSettings } from './settings.ts';

export const settingsSchema = akeneoSettings;

const capabilitiesOf = (settings: AkeneoSettings): Capabilities => ({
  liveStock: false,
  nativeAtp: false,
  stockByLocation: false,
  trackingNumbers: false,
  serverPrice: false,
  delta: ['products', 'variants'],
  changes: settings.eventSecrets.length > 0 ? 'webhook' : 'poll',
  maxBatch: { page: settings.pageSize, stock: 0, price: 0 },
  maxConcurrency: settings.maxConcurrency,
  requestsPerMinute: settings.requestsPerMinute,
});

/** One Akeneo as a connector. Opens no connection before the first call. */
export function createConnector(options: AkeneoClientOptions): Connector {
  const client = new AkeneoClient(options);
  return {
    name: options.name,
    vendor: 'akeneo',
    capabilities: capabilitiesOf(options.settings),
    content: contentPort(client),
    changes: changePort(options.settings),
    ping: async (call) => {
      await client.read(`/api/rest/v1/channels/${encodeURIComponent(options.settings.channel)}`, call);
    },
    close: () => client.close(),
  };
}

import type { SourcesConfig } from './sources.ts';

/** The sandbox's Odoo and Akeneo faces. Its credentials are public: it listens on loopback and holds made-up data. */
export const sandboxConnections = (url: string): SourcesConfig => ({
  connections: {
    erp: { vendor: 'odoo', url, database: 'sandbox', login: 'bot', apiKey: 'sandbox-api-key', quarantineLocation: 'Quarantine' },
    pim: { vendor: 'akeneo', url: `${url}/akeneo`, clientId: 'sandbox', secret: 'sandbox-secret', username: 'bot', password: 'bot-password' },
  },
});

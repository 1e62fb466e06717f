/**
 * What one would write without this project: ApolloServer on its own server, @apollo/gateway over HTTP to the same five
 * subgraph services. It signs the header that the subgraphs ask for, authenticates nobody and limits nothing.
 *   HOSTING=services ... tsx test/bench/plain-gateway.ts
 */
import { readFileSync } from 'node:fs';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { SCOPES } from '../../domain/principal.ts';
import { systemClock } from '../../platform/clock.ts';
import { keepTelemetryHome, readConfig } from '../../platform/config.ts';
import { createSigner } from '../../platform/signed.ts';
import { readSubgraphUrls } from '../../subgraphs/addresses.ts';
import type { RequestScope, SubgraphName } from '../../subgraphs/frame/module.ts';
import { writeScope } from '../../subgraphs/frame/scope-header.ts';

interface PlainContext {
  readonly scope: RequestScope;
}

keepTelemetryHome();
const config = readConfig();
const urls = readSubgraphUrls(config.SUBGRAPH_URLS);
const signer = createSigner({ secret: config.SUBGRAPH_SECRET!, ttlMs: 60_000, clock: systemClock });
const signal = new AbortController().signal;
const principal = { subject: 'bench', kind: 'SERVICE', scopes: SCOPES, channel: null, customerNumber: null, companyNumber: null } as const;
const shopping = { channel: null, locale: null, currencyCode: null, companyLocation: null };

// @apollo/gateway refuses supergraphs with access and cache directives, which it does not know; without their @link it leaves them alone.
const supergraphSdl = readFileSync(config.SUPERGRAPH, 'utf8').replace(/^\s*@link\(url: "https:\/\/specs\.apollo\.dev\/(?:requiresScopes|authenticated|policy|cacheTag)\/.*\n/gm, '');

const gateway = new ApolloGateway({
  supergraphSdl,
  buildService: ({ name }) =>
    new RemoteGraphQLDataSource<PlainContext>({
      url: urls[name as SubgraphName],
      willSendRequest: ({ request, context }) => {
        for (const [header, value] of Object.entries(writeScope(signer, context.scope))) request.http?.headers.set(header, value);
      },
    }),
});
const server = new ApolloServer<PlainContext>({ gateway });
const { url } = await startStandaloneServer(server, {
  listen: { host: config.HOST, port: config.PORT },
  context: async () => ({ scope: { principal, shopping, signal, deadlineAtMs: systemClock.now() + config.REQUEST_DEADLINE_MS, traceparent: null } }),
});
process.stdout.write(`plain gateway ready at ${url}\n`);

import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { silentLog } from '../../platform/log.ts';
import { startEmbeddedPostgres } from '../../platform/stores/embedded-postgres.ts';
import { run, startDeployment, withoutStores, type Deployment } from '../support/deployment.ts';
import { createGraph } from '../support/graph-client.ts';
import { CHECK, eventually, LISTING, STOCK, type Check, type Listing } from '../support/storefront-operations.ts';

/** Starts the gateway as npm start does and waits for its end: what it said, and its exit code. */
async function startAndFail(env: Record<string, string>): Promise<{ readonly code: number | null; readonly output: string }> {
  const running = run(['gateway/main.ts'], { ...withoutStores(), DATA_DIR: mkdtempSync(join(tmpdir(), 'ucg-fail-')), ...env });
  await new Promise((done) => running.child.once('close', done));
  return { code: running.child.exitCode, output: running.output };
}

describe('a configuration that cannot work', () => {
  it('is refused with every problem at once', async () => {
    const { code, output } = await startAndFail({ PORT: '99999', LOG_LEVEL: 'loud', REQUEST_DEADLINE_MS: '-1', JWKS_URL: 'not a url' });
    expect(code).toBe(1);
    for (const name of ['PORT', 'LOG_LEVEL', 'REQUEST_DEADLINE_MS', 'JWKS_URL']) expect(output).toMatch(new RegExp(`^ {2}${name}: `, 'm'));
    expect(output).not.toMatch(/\n\s+at /);
  });

  it('is refused where settings contradict each other, each with its remedy', async () => {
    const { code, output } = await startAndFail({ HOSTING: 'services', JWKS_URL: 'https://issuer.example/keys', API_KEYS_FILE: '/nowhere/keys.json' });
    expect(code).toBe(1);
    for (const name of ['DATABASE_URL', 'REDIS_URL', 'SUBGRAPH_SECRET', 'JWT_ISSUER, JWT_AUDIENCE', 'API_KEYS_FILE']) expect(output).toContain(`  ${name}: `);
  });

  it('names the supergraph it cannot read', async () => {
    const { code, output } = await startAndFail({ PORT: '0', SUPERGRAPH: '/nowhere/supergraph.graphql' });
    expect(code).toBe(1);
    expect(output).toContain('SUPERGRAPH: cannot read /nowhere/supergraph.graphql');
  });
});

describe('an embedded house', () => {
  let house: Deployment;
  let graph: ReturnType<typeof createGraph>;
  beforeAll(async () => {
    house = await startDeployment({ hosting: 'embedded', separateSandbox: true, env: { CHECK_DEADLINE_MS: '4000', LOG_LEVEL: 'info' } });
    graph = createGraph(house.url);
  }, 120_000);

  const postmaster = (): number => Number(readFileSync(join(house.dataDir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0]);
  const findSku = async (): Promise<string> => {
    const { data } = await graph<Listing>(LISTING, { first: 50 });
    return data!.products.nodes.flatMap((product) => product.variants).find(({ sellable, availability }) => sellable && Number(availability?.quantity ?? 0) > 5)!.sku;
  };

  it('announces that it lets everybody on this machine in, and answers loopback names only', async () => {
    expect(house.output()).toContain('every caller on this machine is the development principal');
    expect((await fetch(`${house.url}/metrics`)).status).toBe(200);
  });

  it('refuses a second start on its folder, and goes on', async () => {
    const { code, output } = await startAndFail({ PORT: '0', DATA_DIR: house.dataDir });
    expect(code).toBe(1);
    expect(output).toMatch(/is in use by process \d+; stop it, or give this one another DATA_DIR/);
    expect((await graph('{ __typename }')).status).toBe(200);
  });

  it('after kill -9 takes over the database that was left running', async () => {
    const left = postmaster();
    await house.kill();
    await house.restart();
    expect(postmaster()).toBe(left);
    expect(house.output()).toContain('adopted the PostgreSQL');
    const { errors } = await graph<Listing>(LISTING, { first: 5 });
    expect(errors).toEqual([]);
  }, 60_000);

  it('on SIGTERM answers what runs, ends subscriptions, says goodbye, and takes its database along', async () => {
    const sku = await findSku();
    const database = postmaster();
    const ended: string[] = [];
    const client = createClient({ url: `${house.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0 });
    client.on('closed', (event) => ended.push(`closed ${(event as { code: number }).code}`));
    await new Promise<void>((done) => {
      client.on('connected', () => setTimeout(done, 300));
      client.subscribe({ query: STOCK, variables: { skus: [sku] } }, { next: () => undefined, error: () => ended.push('error'), complete: () => ended.push('complete') });
    });
    // A check asks the ERP twice in turn: done well within its two seconds, and well after the signal.
    await house.sandbox.fault({ kind: 'latency', latencyMs: 500, match: { face: 'odoo' } });
    const running = graph<Check>(CHECK, { input: { lines: [{ sku, quantity: '1' }] } });
    await new Promise((done) => setTimeout(done, 300));
    process.kill(house.pid(), 'SIGTERM');
    const { data } = await running;
    expect(data!.checkAvailability.lines[0]!.outcome.__typename).toBe('AvailabilityConfirmed');
    await house.sandbox.clearFaults();
    // "Service restart": not complete, so that a client that may comes back, to another node.
    await expect.poll(() => ended, { timeout: 10_000 }).toEqual(['closed 1012', 'error']);
    await house.ended();
    expect(house.output()).toMatch(/stopping: finishing what runs[\s\S]*stopped\n/);
    expect(() => process.kill(database, 0)).toThrow();
    expect(existsSync(join(house.dataDir, 'process.pid'))).toBe(false);
  }, 60_000);

  afterAll(async () => expect(await house.stop()).toEqual({ exitCode: 0 }), 60_000);
});

describe('an embedded house whose database goes away', () => {
  it('is alive, not ready, and says why; pages answer, in order, that they cannot', async () => {
    const server = await startEmbeddedPostgres({ directory: mkdtempSync(join(tmpdir(), 'ucg-lost-')), log: silentLog });
    const house = await startDeployment({ hosting: 'embedded', env: { DATABASE_URL: server.url, REQUEST_DEADLINE_MS: '3000', DRAIN_TIMEOUT_MS: '2000' } });
    await server.stop();
    await eventually(async () => {
      const response = await fetch(`${house.url}/health/ready`);
      const { ready, reasons } = (await response.json()) as { ready: boolean; reasons: string[] };
      expect([response.status, ready]).toEqual([503, false]);
      expect(reasons.join()).toContain('catalog: catalog cannot read its store');
    });
    expect((await fetch(`${house.url}/health/live`)).status).toBe(200);
    const page = await createGraph(house.url)<Listing>(LISTING, { first: 5 });
    expect(page.errors[0]!.extensions).toMatchObject({ code: expect.stringMatching(/^(UPSTREAM_UNAVAILABLE|INTERNAL)$/) });
    expect(JSON.stringify(page.errors)).not.toMatch(/ECONNREFUSED|select |127\.0\.0\.1/);
    await house.stop();
  }, 120_000);
});

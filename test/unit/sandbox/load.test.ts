import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock, systemClock } from '../../../platform/clock.ts';
import { silentLog } from '../../../platform/log.ts';
import { createEngine } from '../../../sandbox/engine/engine.ts';
import { countTable, putSeed, writeRefused } from '../../../sandbox/load.ts';
import { sampleSeed } from '../../../sandbox/seeds/sample.ts';
import { startSandbox } from '../../../sandbox/server.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'sandbox-load-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe('putting a seed', () => {
  it('writes the data directory of a sandbox that is not running', async () => {
    const seed = sampleSeed();
    expect(await putSeed(seed, { url: 'http://127.0.0.1:9', dataDir })).toBe('data directory');
    const engine = createEngine({ clock: manualClock(0), dataDir });
    expect(engine.isEmpty).toBe(false);
    expect(Object.keys(engine.pim.state.products)).toHaveLength(seed.pim.products.length);
    engine.close();
  });

  it('replaces what a running sandbox holds', async () => {
    const sandbox = await startSandbox({ port: 0, host: '127.0.0.1', dataDir: null, log: silentLog, clock: systemClock, seed: null });
    try {
      expect(await putSeed(sampleSeed(), { url: sandbox.url, dataDir })).toBe('running sandbox');
      expect(Object.keys(sandbox.engine.pim.state.families)).toContain('apparel');
      await expect(putSeed({ erp: { ...sampleSeed().erp, stock: [{ sku: 'nowhere', location: 'MAIN', onHand: '1' }] } }, { url: sandbox.url, dataDir })).rejects.toThrow(/nowhere/);
    } finally {
      await sandbox.close();
    }
  });
});

it('prints the counts and writes every refused row', () => {
  const report = {
    tables: [{ table: 'Product', rowsIn: 3, rowsOut: 1, merged: 1, rejected: 1 }],
    refused: [{ table: 'Product', key: '1', kind: 'rejected' as const, reason: 'no price' }, { table: 'Product', key: '2', kind: 'merged' as const, reason: 'same as 3' }],
    notes: { 'days added': 7 },
  };
  expect(countTable(report)).toMatch(/Product +3 +1 +1 +1\n\ndays added: 7$/);
  const lines = readFileSync(writeRefused(report, dataDir), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as unknown);
  expect(lines).toEqual(report.refused);
});

import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../../../platform/clock.ts';
import { createEngine, type Engine } from '../../../sandbox/engine/engine.ts';
import { smallCompany, startedAtMs } from './small-company.ts';

let dataDir: string;
beforeEach(() => void (dataDir = mkdtempSync(join(tmpdir(), 'sandbox-journal-'))));
afterEach(() => rmSync(dataDir, { recursive: true }));

const journalPath = (): string => join(dataDir, 'sandbox', 'journal.jsonl');
const open = (atMs = startedAtMs, journalLongBytes?: number): Engine =>
  createEngine({ clock: manualClock(atMs), dataDir, ...(journalLongBytes !== undefined && { journalLongBytes }) });
const stateOf = (engine: Engine): string => JSON.stringify([[...engine.erp.snapshot()], [...engine.pim.snapshot()]]);

function trade(engine: Engine): void {
  const { tables } = engine.erp;
  const partyId = tables.parties.first('code', 'C-1')!.id;
  const { orderId } = engine.execute('erp/create-order', { partyId, reference: 'R-1', lines: [{ variantId: tables.variants.first('sku', 'MUG')!.id, quantity: '3' }] }) as { orderId: number };
  engine.execute('erp/confirm-order', { orderId });
  engine.execute('ship-order', { order: 'R-1', tracking: '1Z' });
}

describe('journal', () => {
  it('gives the same state again, times included, whenever it is replayed', () => {
    const first = open();
    first.reset({ erp: smallCompany });
    trade(first);
    const before = stateOf(first);
    // No close: the process died. The clock of the next start is another one.
    const second = open(startedAtMs + 1_000_000);
    expect(stateOf(second)).toBe(before);
    expect(second.isEmpty).toBe(false);
  });

  it('drops a half-written last line and goes on after it', () => {
    const first = open();
    first.reset({ erp: smallCompany });
    trade(first);
    const before = stateOf(first);
    appendFileSync(journalPath(), '{"n":99,"atMs":1,"command":"set-sto');
    const second = open();
    expect(stateOf(second)).toBe(before);
    second.execute('set-stock', { sku: 'MUG', location: 'MAIN', quantity: '77' });
    const third = open();
    expect(stateOf(third)).toBe(stateOf(second));
  });

  it('keeps every acknowledged command whatever byte the process died at', () => {
    const first = open();
    first.reset({ erp: smallCompany });
    for (let quantity = 1; quantity <= 5; quantity += 1) first.execute('set-stock', { sku: 'MUG', location: 'MAIN', quantity: String(quantity) });
    const whole = readFileSync(journalPath());
    const lastLine = whole.subarray(0, whole.length - 1).lastIndexOf(10) + 1;
    for (const cut of [lastLine, lastLine + 1, whole.length - 2, whole.length - 1]) {
      writeFileSync(journalPath(), whole.subarray(0, cut));
      const { tables } = open().erp;
      expect(tables.quants.where('variantId', 3).find((row) => row.locationId === 5)?.quantity).toBe('4');
    }
  });

  it('replaces a long journal by a snapshot, and replays nothing twice when it died between the two', () => {
    const first = open(startedAtMs, 1);
    first.reset({ erp: smallCompany });
    const old = JSON.stringify({ n: 1, atMs: startedAtMs, command: 'receive-goods', args: { sku: 'MUG', quantity: '5' } });
    trade(first);
    expect(readFileSync(journalPath(), 'utf8')).toBe('');
    writeFileSync(journalPath(), `${old}\n`);
    expect(stateOf(open())).toBe(stateOf(first));
  });

  it('forgets everything on reset, also in the journal', () => {
    const first = open();
    first.reset({ erp: smallCompany });
    trade(first);
    first.reset({ erp: smallCompany });
    const second = open();
    expect(second.erp.tables.orders.size).toBe(0);
    expect(stateOf(second)).toBe(stateOf(first));
  });

  it('keeps what it had when the new seed has a mistake in it', () => {
    const first = open();
    first.reset({ erp: smallCompany });
    trade(first);
    const before = stateOf(first);
    expect(() => first.reset({ erp: { ...smallCompany, stock: [{ sku: 'NO', location: 'MAIN', onHand: '1' }] } })).toThrow('There is no SKU "NO"');
    expect(stateOf(first)).toBe(before);
    expect(stateOf(open())).toBe(before);
  });

  it('does not journal what was refused or changed nothing', () => {
    const engine = open();
    engine.reset({ erp: smallCompany });
    const before = readFileSync(journalPath(), 'utf8');
    expect(() => engine.execute('set-stock', { sku: 'NO', quantity: '1' })).toThrow('There is no SKU "NO"');
    expect(() => engine.execute('nonsense', {})).toThrow('There is no command nonsense');
    engine.execute('set-stock', { sku: 'MUG', location: 'MAIN', quantity: '10' });
    expect(readFileSync(journalPath(), 'utf8')).toBe(before);
  });
});

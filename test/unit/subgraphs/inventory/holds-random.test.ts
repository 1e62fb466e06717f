import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Hold, HoldOutcome } from '../../../../domain/inventory.ts';
import { silentLog } from '../../../../platform/log.ts';
import { openPostgres } from '../../../../platform/stores/postgres.ts';
import type { Database } from '../../../../platform/stores/sql.ts';
import { extendHold } from '../../../../subgraphs/inventory/holds/extension.ts';
import { createHoldPlacement, type HoldPlacement } from '../../../../subgraphs/inventory/holds/placement.ts';
import { commitHold, expireOverdue, releaseHold } from '../../../../subgraphs/inventory/holds/transitions.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { commands, HoldModel, SKUS, STOCK, totalOf, type Command, type ModelHold } from './hold-model.ts';
import { disagreements, heldOf, request, stock, stockOf, toolsOn } from './inventory-fixture.ts';

let store: TestDatabase;
let processes: { readonly database: Database; readonly placement: HoldPlacement }[];
let world = 0;

beforeAll(async () => {
  store = await createTestDatabase();
  await stock(store.database, [stockOf('FIRST', 1)]);
  const databases = await Promise.all([1, 2].map((n) => openPostgres({ url: store.url, maxConnections: 4, applicationName: `process ${n}`, log: silentLog })));
  processes = databases.map((database) => ({ database, placement: createHoldPlacement(toolsOn(database)) }));
}, 30_000);
afterAll(async () => {
  await Promise.all(processes.map(({ database }) => database.close()));
  await store.drop();
});

/** SKUs of their own for every run. */
async function newWorld(): Promise<(sku: string) => string> {
  const prefix = `W${(world += 1)}-`;
  await stock(store.database, SKUS.flatMap((sku) => STOCK[sku]!.map((quantity, index) => stockOf(prefix + sku, quantity, { locationCode: index === 0 ? 'A' : 'B' }))));
  return (sku) => prefix + sku;
}

const named = (lines: Readonly<Record<string, number>>, nameOf: (sku: string) => string): Record<string, number> =>
  Object.fromEntries(Object.entries(lines).map(([sku, quantity]) => [nameOf(sku), quantity]));

const linesOf = (hold: Hold): Record<string, number> => {
  const lines: Record<string, number> = {};
  for (const { sku, quantity } of hold.lines) lines[sku] = (lines[sku] ?? 0) + Number(quantity);
  return lines;
};

const heldEverywhere = async (sku: string): Promise<number> => Number(await heldOf(store.database, sku, 'A')) + Number(await heldOf(store.database, sku, 'B'));
/** What still counts: the counter goes on containing expired holds until they are swept. */
async function activeOf(sku: string): Promise<number> {
  const [row] = await store.database.query<{ active: string }>(
    `select coalesce(sum(line.quantity), 0)::text as active from inventory.hold_line line join inventory.hold on hold.id = line.hold_id
     where line.sku = $1 and line.open and (hold.state = 'COMMITTED' or (hold.state = 'HELD' and hold.expires_at > statement_timestamp()))`, [sku],
  );
  return Number(row!.active);
}

const runOut = (id: string) => store.database.run('update inventory.hold set expires_at = statement_timestamp() where id = $1', [id]);

describe('holds in random sequences', () => {
  it('one after the other: as a plain model says, command by command', async () => {
    await fc.assert(fc.asyncProperty(commands, async (sequence) => {
      const nameOf = await newWorld();
      const model = new HoldModel();
      const ids: string[] = [];
      for (const command of sequence) await follow(command, model, ids, nameOf);
      await expireOverdue(toolsOn(store.database));
      for (const sku of SKUS) expect(await heldEverywhere(nameOf(sku))).toBe(model.heldOf(sku));
      expect(await disagreements(store.database)).toEqual([]);
    }), { numRuns: 25, endOnFailure: true });
  }, 120_000);

  it('at once, over two processes: nobody holds air, no refusal without reason, books agree', async () => {
    await fc.assert(fc.asyncProperty(fc.array(commands, { minLength: 2, maxLength: 4 }), async (rounds) => {
      const nameOf = await newWorld();
      const ids: string[] = [];
      for (const round of rounds) {
        const before = new Map(await Promise.all(SKUS.map(async (sku) => [sku, await activeOf(nameOf(sku))] as const)));
        const outcomes = await Promise.all(round.map((command, index) => attempt(command, ids, index, nameOf)));
        const placed = outcomes.filter((outcome) => outcome !== null);
        for (const outcome of placed) if (outcome.kind === 'HELD') ids.push(outcome.hold.id);
        for (const sku of SKUS) expect(await activeOf(nameOf(sku))).toBeLessThanOrEqual(totalOf(sku));
        for (const outcome of placed) if (outcome.kind === 'SHORT') expectReason(outcome, placed, before, nameOf);
      }
      while ((await expireOverdue(toolsOn(store.database))) > 0);
      expect(await disagreements(store.database)).toEqual([]);
    }), { numRuns: 12, endOnFailure: true });
  }, 120_000);
});

async function follow(command: Command, model: HoldModel, ids: string[], nameOf: (sku: string) => string): Promise<void> {
  const tools = toolsOn(store.database);
  if (command.kind === 'sweep') return void (await expireOverdue(tools));
  if (command.kind === 'place') return followPlace(command, model, ids, nameOf);
  if (ids.length === 0) return;
  const index = command.hold % ids.length;
  const [hold, id] = [model.holds[index]!, ids[index]!];
  await followOne(command.kind, hold, id, index);
}

async function followPlace({ lines, allowPartial, replaces }: Extract<Command, { kind: 'place' }>, model: HoldModel, ids: string[], nameOf: (sku: string) => string): Promise<void> {
  const old = replaces === null || ids.length === 0 ? null : replaces % ids.length;
  const expected = model.place(lines, allowPartial, old === null ? null : model.holds[old]!);
  const asked = request(named(lines, nameOf), { allowPartial, replacesHoldId: old === null ? null : ids[old]! });
  const placing = processes[ids.length % 2]!.placement.placeHold(asked);
  if (expected === 'CONFLICT') return void (await expect(placing).rejects.toMatchObject({ code: 'CONFLICT' }));
  const outcome = await placing;
  expect(outcome.kind).toBe(expected === null ? 'SHORT' : 'HELD');
  if (outcome.kind === 'SHORT') return;
  ids.push(outcome.hold.id);
  expect(linesOf(outcome.hold)).toEqual(named(expected!.lines, nameOf));
  const again = await processes[1]!.placement.placeHold(asked);
  expect(again).toEqual(outcome);
}

async function followOne(kind: 'release' | 'commit' | 'extend' | 'runOut', hold: ModelHold, id: string, index: number): Promise<void> {
  const tools = toolsOn(store.database);
  if (kind === 'runOut') {
    if (hold.state !== 'HELD') return;
    await runOut(id);
    hold.state = 'EXPIRED';
  } else if (kind === 'release') {
    if (hold.state === 'HELD') hold.state = 'RELEASED';
    expect(await releaseHold(tools, { holdId: id, owner: 'shop' })).toMatchObject({ state: hold.state });
  } else if (kind === 'commit') {
    if (hold.state === 'HELD') hold.state = 'COMMITTED';
    const committed = await commitHold(tools, { holdId: id, owner: 'shop', orderReference: `${id}-${index}` });
    expect(committed?.state ?? null).toBe(hold.state === 'COMMITTED' ? 'COMMITTED' : null);
  } else if (hold.state === 'HELD' && !hold.extended) {
    hold.extended = true;
    expect(await extendHold(tools, { holdId: id, owner: 'shop', ttlSeconds: 3_600 })).toMatchObject({ id, state: 'HELD' });
  } else {
    await expect(extendHold(tools, { holdId: id, owner: 'shop', ttlSeconds: 3_600 })).rejects.toMatchObject({ code: 'CONFLICT' });
  }
}

/** Whatever becomes of it: only placing answers something to judge. */
async function attempt(command: Command, ids: readonly string[], index: number, nameOf: (sku: string) => string): Promise<HoldOutcome | null> {
  const { database, placement } = processes[index % 2]!;
  const tools = toolsOn(database);
  if (command.kind === 'sweep') return expireOverdue(tools).then(() => null);
  const id = 'hold' in command ? ids[command.hold % Math.max(1, ids.length)] : undefined;
  if (command.kind === 'place') {
    const replacesHoldId = command.replaces === null ? null : (ids[command.replaces % Math.max(1, ids.length)] ?? null);
    return placement.placeHold(request(named(command.lines, nameOf), { allowPartial: command.allowPartial, replacesHoldId })).catch((error: Error) => {
      expect(error).toMatchObject({ code: 'CONFLICT' });
      return null;
    });
  }
  if (id === undefined) return null;
  if (command.kind === 'release') await releaseHold(tools, { holdId: id, owner: 'shop' });
  else if (command.kind === 'commit') await commitHold(tools, { holdId: id, owner: 'shop', orderReference: `order of ${id}` });
  else if (command.kind === 'extend') await extendHold(tools, { holdId: id, owner: 'shop', ttlSeconds: 60 }).catch((error: Error) => expect(error).toMatchObject({ code: 'CONFLICT' }));
  else await runOut(id);
  return null;
}

/** Refused although all of it would have been left, even had everything of this round come before: no reason. */
function expectReason(refused: Extract<HoldOutcome, { kind: 'SHORT' }>, placed: readonly HoldOutcome[], before: ReadonlyMap<string, number>, nameOf: (sku: string) => string): void {
  const reasons = refused.lines.map((line) => {
    const sku = SKUS.find((name) => nameOf(name) === line.sku)!;
    const granted = placed.reduce((sum, outcome) => sum + (outcome.kind === 'HELD' ? (linesOf(outcome.hold)[line.sku] ?? 0) : 0), 0);
    return totalOf(sku) - before.get(sku)! - granted < Number(line.requested);
  });
  expect(reasons).toContain(true);
}

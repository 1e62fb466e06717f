import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decimal } from '../../../../domain/decimal.ts';
import { setRule } from '../../../../subgraphs/inventory/channels/administration.ts';
import { moveByHand } from '../../../../subgraphs/inventory/channels/move-by-hand.ts';
import { movable } from '../../../../subgraphs/inventory/channels/moves.ts';
import { runAllocationRound } from '../../../../subgraphs/inventory/channels/rebalance.ts';
import { readStanding } from '../../../../subgraphs/inventory/channels/standing.ts';
import { placeHold } from '../../../../subgraphs/inventory/holds/placement.ts';
import { cancelCommitted, commitHold, expireOverdue, markAccepted, releaseHold } from '../../../../subgraphs/inventory/holds/transitions.ts';
import { applyStock } from '../../../../subgraphs/inventory/supply/store-stock.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { disagreements, later, request, stock, stockOf, toolsOn } from './inventory-fixture.ts';

/* Random lives of one SKU on the real stores: whatever happens, nobody's unused share is sold by another. */

let store: TestDatabase;
const tools = () => toolsOn(store.database);

beforeAll(async () => {
  store = await createTestDatabase();
  await stock(store.database, []);
});
afterAll(async () => {
  expect(await disagreements(store.database)).toEqual([]);
  await store.drop();
});

const CHANNELS = ['site', 'amazon', 'edi'];
const SELLERS = [...CHANNELS, 'other', null];

type Step =
  | { readonly kind: 'sell'; readonly seller: number; readonly quantity: number; readonly tomorrow: boolean }
  | { readonly kind: 'release' | 'expire' | 'cancel' | 'ship'; readonly index: number }
  | { readonly kind: 'receive' | 'lose'; readonly quantity: number }
  | { readonly kind: 'move'; readonly quantity: number; readonly from: number; readonly to: number }
  | { readonly kind: 'period' | 'round' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('sell' as const), seller: fc.nat(4), quantity: fc.integer({ min: 1, max: 12 }), tomorrow: fc.boolean() }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constantFrom('release' as const, 'expire' as const, 'cancel' as const, 'ship' as const), index: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('receive' as const, 'lose' as const), quantity: fc.integer({ min: 1, max: 10 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('move' as const), quantity: fc.integer({ min: 1, max: 10 }), from: fc.nat(3), to: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('period' as const, 'round' as const) }) },
);

interface LivingHold {
  readonly id: string;
  readonly quantity: number;
  readonly period: number;
}

/** One SKU with an ERP that tells its stock, and a clock both go by. */
class Life {
  readonly holds: LivingHold[] = [];
  private period = 0;
  onHand = 40;
  clockMs = 0;
  readonly sku: string;
  private keys = 0;

  constructor(sku: string) {
    this.sku = sku;
  }

  key = () => ({ owner: 'test', idempotencyKey: `${this.sku}-${(this.keys += 1)}` });
  at = () => later((this.clockMs += 3_000));
  tellStock = () => store.database.transaction((tx) => applyStock(tx, [stockOf(this.sku, this.onHand, { asOf: this.at() })], later(0)));

  async begin(): Promise<void> {
    await stock(store.database, [stockOf(this.sku, this.onHand, { asOf: this.at() })]);
    const shares = [70, 20, 5].map((percent, index) => ({ channel: CHANNELS[index]!, share: { kind: 'PERCENT' as const, percent: decimal(percent) }, buffer: decimal(0) }));
    const outcome = await setRule(tools(), this.key(), { code: this.sku, name: this.sku, skus: [this.sku], shares, periodHours: 10, reallocation: { afterPercent: decimal(0), safetyFactor: decimal(1) } });
    expect(outcome.ok).toBe(true);
  }

  /** After each step the books say this; answers what each has unused. */
  async check(): Promise<{ readonly unused: Record<string, number>; readonly pool: number }> {
    const { standing, atpToday } = (await readStanding(store.database, this.sku, tools()))!;
    const unused = Object.fromEntries(standing.channels.map((channel) => [channel.channel, Number(channel.unused)]));
    const pool = Number(standing.pool);
    expect(pool).toBeGreaterThanOrEqual(0);
    expect(Object.values(unused).reduce((sum, one) => sum + one, pool)).toBe(Number(atpToday));
    expect(Math.min(...standing.channels.map((channel) => Number(channel.used)))).toBeGreaterThanOrEqual(0);
    return { unused, pool };
  }

  async sell(seller: string | null, quantity: number, tomorrow: boolean): Promise<void> {
    const before = await this.check();
    const limit = (seller === null ? 0 : (before.unused[seller] ?? 0)) + before.pool;
    const outcome = await placeHold(tools(), request({ [this.sku]: quantity }, { channel: seller, requestedOn: tomorrow ? (later(86_400_000).slice(0, 10) as never) : null }));
    expect(outcome.kind).toBe(quantity <= limit ? 'HELD' : 'SHORT');
    if (outcome.kind === 'HELD') this.holds.push({ id: outcome.hold.id, quantity, period: this.period });
    const { unused } = await this.check();
    for (const channel of CHANNELS) if (channel !== seller) expect(unused[channel]).toBe(before.unused[channel]);
  }

  async end(kind: 'release' | 'expire' | 'cancel' | 'ship', index: number): Promise<void> {
    const [hold] = this.holds.splice(index % Math.max(1, this.holds.length), 1);
    if (!hold) return;
    if (kind === 'ship') return this.ship(hold);
    const before = (await readStanding(store.database, this.sku, tools()))!;
    await this.giveBack(kind, hold);
    const after = (await readStanding(store.database, this.sku, tools()))!;
    // Goods that were there come back to their channel, or to all where they were held before the period.
    if (before.atpToday !== '0') expect(Number(after.standing.base) - Number(before.standing.base)).toBe(hold.period === this.period ? 0 : hold.quantity);
  }

  private async giveBack(kind: 'release' | 'expire' | 'cancel', { id }: LivingHold): Promise<void> {
    if (kind === 'release') await releaseHold(tools(), { holdId: id, owner: 'shop' });
    if (kind === 'expire') {
      await store.database.run('update inventory.hold set expires_at = clock_timestamp() where id = $1', [id]);
      // Nobody has written it down yet.
      const before = await readStanding(store.database, this.sku, tools());
      await expireOverdue(tools());
      expect(await readStanding(store.database, this.sku, tools())).toEqual(before);
    }
    if (kind === 'cancel') {
      await this.commit(id);
      await cancelCommitted(tools(), { orderReference: id });
    }
  }

  private async commit(id: string): Promise<void> {
    expect(await commitHold(tools(), { holdId: id, owner: 'shop', orderReference: id })).not.toBeNull();
  }

  private async ship({ id, quantity }: LivingHold): Promise<void> {
    await this.commit(id);
    const before = (await readStanding(store.database, this.sku, tools()))!;
    await markAccepted(tools(), { orderReference: id, acceptedAt: this.at() });
    this.onHand -= quantity;
    await this.tellStock();
    // What was sold stays used: the ERP's figures contain it now instead of our ledger.
    if (this.onHand >= 0) expect((await readStanding(store.database, this.sku, tools()))!.standing).toEqual(before.standing);
  }

  async move(from: string | null, to: string | null, quantity: number): Promise<void> {
    const { standing } = (await readStanding(store.database, this.sku, tools()))!;
    const isPossible = from !== to && quantity <= Number(movable(standing, from));
    const outcome = await moveByHand(tools(), { ...this.key(), sku: this.sku, from, to, quantity: decimal(quantity), reason: 'test' });
    expect(outcome.ok).toBe(isPossible);
  }

  async live(action: Step): Promise<void> {
    switch (action.kind) {
      case 'sell':
        return this.sell(SELLERS[action.seller]!, action.quantity, action.tomorrow);
      case 'move':
        return this.move([...CHANNELS, null][action.from]!, [...CHANNELS, null][action.to]!, action.quantity);
      case 'receive':
      case 'lose':
        this.onHand = Math.max(0, this.onHand + (action.kind === 'receive' ? action.quantity : -action.quantity));
        await this.tellStock();
        return;
      case 'period':
      case 'round':
        return this.pass(action.kind === 'period' ? 11 : 0.5);
      default:
        return this.end(action.kind, action.index);
    }
  }

  private async pass(hours: number): Promise<void> {
    if (hours > 10) this.period += 1;
    await store.database.run(
      `update inventory.allocation_rule set began_at = began_at - $2 * interval '1 hour', evaluated_at = evaluated_at - $2 * interval '1 hour' where code = $1`, [this.sku, hours]);
    await runAllocationRound(tools());
  }
}

it('keeps its promises over any life', async () => {
  let lives = 0;
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
    const life = new Life(`LIFE-${(lives += 1)}`);
    await life.begin();
    for (const action of steps) {
      await life.live(action);
      await life.check();
    }
    // Every audited move of the running period adds up to what the counters say was moved.
    expect(await store.database.query(
      `select channel, moved from inventory.channel_use use join inventory.allocation_rule rule using (period) where use.sku = $1 and moved <> coalesce((
         select sum(case when to_channel = use.channel then quantity else -quantity end) from inventory.allocation_move move
         where move.sku = use.sku and move.period = use.period and use.channel in (to_channel, from_channel)), 0)`, [life.sku])).toEqual([]);
  }), { numRuns: 25, endOnFailure: true });
}, 180_000);

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal, type Decimal } from '../../../../domain/decimal.ts';
import { movable, settleMoves } from '../../../../subgraphs/inventory/channels/moves.ts';
import { channelLimit, createChannelLimits, describeAllocation, type ChannelAllocation, type ChannelShare } from '../../../../subgraphs/inventory/promise/allocation.ts';
import { fromFixedPoint, toFixedPoint } from '../../../../subgraphs/inventory/promise/fixed-point.ts';
import { shrinkToFit } from '../../../../subgraphs/inventory/promise/own-shares.ts';

const CHANNELS = ['site', 'amazon', 'edi'] as const;
type Seller = (typeof CHANNELS)[number] | 'other';

const percent = (channel: string, share: number, rest: Partial<ChannelShare> = {}): ChannelShare => ({
  channel, share: { kind: 'PERCENT', percent: decimal(share) }, moved: decimal(0), used: decimal(0), buffer: decimal(0), ...rest,
});
const fixed = (channel: string, quantity: number, rest: Partial<ChannelShare> = {}): ChannelShare => ({ ...percent(channel, 0, rest), share: { kind: 'FIXED', quantity: decimal(quantity) } });
const allocation = (shares: ChannelShare[], usedWithoutShare: Decimal = decimal(0)): ChannelAllocation => ({ shares, usedWithoutShare });

const SEED_CASE = allocation([percent('site', 70), percent('amazon', 20), percent('edi', 10)]);
const owned = (shares: ChannelAllocation, atp: number, digits = 0): string[] => describeAllocation(shares, decimal(atp), digits).channels.map(({ own }) => own);

describe('what a channel may sell', () => {
  it('is its own share and the pool', () => {
    expect(owned(SEED_CASE, 100)).toEqual(['70', '20', '10']);
    expect(['site', 'amazon', 'edi', 'unknown', null].map((channel) => channelLimit(SEED_CASE, channel, decimal(100), 0))).toEqual(['70', '20', '10', '0', '0']);
    expect(['site', 'unknown', null].map((channel) => channelLimit(allocation([percent('site', 60)]), channel, decimal(10), 0))).toEqual(['10', '4', '4']);
  });

  it('is cut to whole units, the rest is pool', () => {
    expect(owned(SEED_CASE, 9)).toEqual(['6', '1', '0']);
    expect(channelLimit(SEED_CASE, 'edi', decimal(9), 0)).toBe('2');
    expect(owned(SEED_CASE, 9, 1)).toEqual(['6.3', '1.8', '0.9']);
  });

  it('lets fixed quantities come first, in proportion where there is too little', () => {
    const mixed = allocation([percent('site', 50), fixed('edi', 10), fixed('amazon', 30)]);
    expect(owned(mixed, 100)).toEqual(['30', '10', '30']);
    expect(owned(mixed, 20)).toEqual(['0', '5', '15']);
  });

  it('keeps the buffer back and is bounded by what the channel is served from', () => {
    const shares = allocation([percent('site', 70), percent('amazon', 20, { buffer: decimal(3) })]);
    expect(channelLimit(shares, 'amazon', decimal(100), 0)).toBe('27');
    expect(channelLimit(shares, 'amazon', decimal(100), 0, decimal(12))).toBe('9');
    expect(channelLimit(shares, 'amazon', decimal(100), 0, decimal(2))).toBe('0');
  });

  it("lets moves shrink before anybody's share when stock is lost", () => {
    const shares = (atp: number): string[] => owned(allocation([percent('site', 50), percent('amazon', 20, { moved: decimal(3) })]), atp);
    expect(shares(10)).toEqual(['5', '5']);
    expect(shares(6)).toEqual(['3', '3']);
    expect(owned(allocation([percent('site', 50, { moved: decimal(-4) })]), 6)).toEqual(['0']);
  });
});

/** A shop in whole units: what is there, who sold what in this period and before, what was moved. */
interface Shop {
  atp: number;
  readonly shares: readonly { readonly channel: Seller; readonly kind: 'PERCENT' | 'FIXED'; readonly size: number }[];
  readonly used: Record<Seller, number>;
  readonly moved: Record<Seller, number>;
  readonly sold: { readonly seller: Seller; readonly quantity: number }[];
  /** Sold before the period began, not given back yet. */
  readonly older: number[];
  soldEver: number;
  received: number;
}

const allocationOf = ({ shares, used, moved }: Shop): ChannelAllocation =>
  allocation(
    shares.map(({ channel, kind, size }) => (kind === 'PERCENT' ? percent : fixed)(channel, size, { used: decimal(used[channel]), moved: decimal(moved[channel]) })),
    decimal(['other', ...CHANNELS].filter((seller) => !shares.some(({ channel }) => channel === seller)).reduce((sum, seller) => sum + used[seller as Seller], 0)),
  );
const limitOf = (shop: Shop, seller: Seller): number => Number(channelLimit(allocationOf(shop), seller === 'other' ? null : seller, decimal(shop.atp), 0));
const standing = (shop: Shop) => {
  const { base, pool, channels } = describeAllocation(allocationOf(shop), decimal(shop.atp), 0);
  return { base: Number(base), pool: Number(pool), unused: Object.fromEntries(channels.map(({ channel, unused }) => [channel, Number(unused)])), own: channels.map(({ own }) => Number(own)) };
};

type Step =
  | { readonly kind: 'sell' | 'move-in' | 'move-out'; readonly seller: Seller; readonly quantity: number }
  | { readonly kind: 'release' | 'release-older'; readonly index: number }
  | { readonly kind: 'receive' | 'lose'; readonly quantity: number }
  | { readonly kind: 'new-period' };

const NOTHING_YET = { site: 0, amazon: 0, edi: 0, other: 0 };

const seller = fc.constantFrom<Seller>('other', ...CHANNELS);
const quantity = fc.integer({ min: 1, max: 30 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom('sell' as const, 'move-in' as const, 'move-out' as const), seller, quantity }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('release' as const, 'release-older' as const), index: fc.nat(50) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('receive' as const, 'lose' as const), quantity }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'new-period' as const }) },
);
const shop: fc.Arbitrary<Shop> = fc
  .record({ atp: fc.integer({ min: 0, max: 60 }), kinds: fc.array(fc.constantFrom('PERCENT' as const, 'FIXED' as const), { minLength: 0, maxLength: 3 }), sizes: fc.tuple(fc.nat(70), fc.nat(20), fc.nat(10)) })
  .map(({ atp, kinds, sizes }) => ({
    atp, shares: kinds.map((kind, index) => ({ channel: CHANNELS[index]!, kind, size: sizes[index]! })), used: { ...NOTHING_YET },
    moved: { ...NOTHING_YET }, sold: [], older: [], soldEver: 0, received: atp,
  }));

/** Makes the step as far as its limit allows; answers whether anything happened. */
function apply(state: Shop, action: Step): boolean {
  switch (action.kind) {
    case 'sell': {
      const sells = Math.min(action.quantity, limitOf(state, action.seller));
      if (sells === 0) return false;
      state.atp -= sells;
      state.used[action.seller] += sells;
      state.soldEver += sells;
      state.sold.push({ seller: action.seller, quantity: sells });
      return true;
    }
    case 'release': {
      const [back] = state.sold.splice(action.index % Math.max(1, state.sold.length), 1);
      if (!back) return false;
      state.atp += back.quantity;
      state.used[back.seller] -= back.quantity;
      state.soldEver -= back.quantity;
      return true;
    }
    case 'release-older': {
      const [back] = state.older.splice(action.index % Math.max(1, state.older.length), 1);
      state.atp += back ?? 0;
      state.soldEver -= back ?? 0;
      return back !== undefined;
    }
    case 'new-period':
      state.older.push(...state.sold.splice(0).map((sale) => sale.quantity));
      Object.assign(state.used, NOTHING_YET);
      Object.assign(state.moved, NOTHING_YET);
      return true;
    case 'receive':
      state.atp += action.quantity;
      state.received += action.quantity;
      return true;
    case 'lose':
      state.received -= Math.min(state.atp, action.quantity);
      state.atp -= Math.min(state.atp, action.quantity);
      return true;
    case 'move-out':
    case 'move-in': {
      if (!state.shares.some(({ channel }) => channel === action.seller)) return false;
      const at = describeAllocation(allocationOf(state), decimal(state.atp), 0);
      const [from, to] = action.kind === 'move-in' ? [null, action.seller] : [action.seller, null];
      const moves = Math.min(action.quantity, Number(movable(at, from)));
      if (moves === 0) return false;
      for (const move of settleMoves(at, [{ from, to, quantity: decimal(moves) }])) {
        if (move.from !== null) state.moved[move.from as Seller] -= Number(move.quantity);
        if (move.to !== null) state.moved[move.to as Seller] += Number(move.quantity);
      }
      return true;
    }
  }
}

const scenario = fc.tuple(shop, fc.array(step, { maxLength: 40 }));
const play = (check: (before: Shop, action: Step, after: Shop) => void): void => {
  fc.assert(fc.property(scenario, ([first, steps]) => {
    const state = structuredClone(first);
    for (const action of steps) {
      const before = structuredClone(state);
      if (apply(state, action)) check(before, action, state);
    }
  }), { numRuns: 600 });
};

describe('over any run of sales, returns, receipts, losses, moves and periods', () => {
  it("no channel eats another's unused own share", () => {
    play((before, action, after) => {
      if (action.kind !== 'sell') return;
      const [was, is] = [standing(before).unused, standing(after).unused];
      for (const { channel } of before.shares) if (channel !== action.seller) expect(is[channel]).toBe(was[channel]);
    });
  });

  it('every unused share can be sold, all of them together, and what is left over is everybody’s', () => {
    play((_before, _action, after) => {
      const { unused, pool, own, base } = standing(after);
      expect(pool).toBeGreaterThanOrEqual(0);
      expect(Object.values(unused).reduce((sum, one) => sum + one, pool)).toBe(after.atp);
      expect(own.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(base);
      expect(after.soldEver).toBeLessThanOrEqual(after.received);
      for (const one of Object.values(after.used)) expect(one).toBeGreaterThanOrEqual(0);
      for (const one of ['other', ...CHANNELS] as const) {
        const limit = limitOf(after, one);
        expect(limit).toBeGreaterThanOrEqual(0);
        expect(limit).toBe((unused[one] ?? 0) + pool);
      }
    });
  });

  it('the base stays put while channels sell and give back; giving back restores exactly', () => {
    play((before, action, after) => {
      if (action.kind === 'sell' || action.kind === 'release') expect(standing(after).base).toBe(standing(before).base);
      if (action.kind !== 'sell') return;
      apply(after, { kind: 'release', index: after.sold.length - 1 });
      expect(standing(after)).toEqual(standing(before));
      expect(after).toEqual(before);
    });
  });

  it('a new period shares out what can be sold then; what comes back from before raises the base and nobody’s use', () => {
    play((before, action, after) => {
      if (action.kind === 'new-period') expect(standing(after).base).toBe(before.atp);
      if (action.kind !== 'release-older') return;
      expect(standing(after).base - standing(before).base).toBe(after.atp - before.atp);
      expect(after.used).toEqual(before.used);
    });
  });

  it('a move takes from one what it gives to the other, and no more than there is', () => {
    play((before, action, after) => {
      if (action.kind !== 'move-in' && action.kind !== 'move-out') return;
      const [was, is] = [standing(before), standing(after)];
      expect(is.base).toBe(was.base);
      // Where more was sold than there is, what is moved is shared by all who lack it.
      if (isShort(before) || isShort(after)) return;
      const gained = is.unused[action.seller]! - was.unused[action.seller]!;
      expect(Math.sign(gained)).toBe(action.kind === 'move-in' ? 1 : -1);
      expect(Math.abs(gained)).toBe(Math.min(action.quantity, action.kind === 'move-in' ? was.pool : was.unused[action.seller]!));
      expect(is.pool - was.pool).toBe(-gained);
      for (const { channel } of before.shares) if (channel !== action.seller) expect(is.unused[channel]).toBe(was.unused[channel]);
    });
  });

  it('says what the definition says, wherever the pool was not oversold', () => {
    play((_before, _action, after) => {
      const { own, base } = standing(after);
      const overdrawn = ['other', ...CHANNELS].reduce((sum, name) => sum + Math.max(0, after.used[name as Seller] - (ownOf(after, name) ?? 0)), 0);
      const pool = base - own.reduce((sum, one) => sum + one, 0);
      if (isShort(after)) return;
      for (const name of ['other', ...CHANNELS] as const) {
        const remaining = Math.max(0, (ownOf(after, name) ?? 0) - after.used[name]) + Math.max(0, pool - overdrawn);
        expect(limitOf(after, name)).toBe(Math.min(after.atp, remaining));
      }
    });
  });

  it('without shares the limit is ATP', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 1e6 }), fc.constantFrom('site', null), (thousandths, channel) => {
      const atp = decimal(thousandths / 1000);
      expect(channelLimit(allocation([], decimal('7')), channel, atp, 3)).toBe(atp);
    }));
  });

  it('limits kept while a batch is taken are those computed anew', () => {
    fc.assert(fc.property(scenario, ([first, steps]) => {
      const state = structuredClone(first);
      const kept = createChannelLimits(allocationOf(state), toFixedPoint(decimal(state.atp)), 0);
      for (const action of steps) {
        if (action.kind !== 'sell' && action.kind !== 'release') continue;
        const before = structuredClone(state.used);
        apply(state, action);
        for (const one of ['other', ...CHANNELS] as const) {
          if (state.used[one] !== before[one]) kept.take(one === 'other' ? null : one, toFixedPoint(decimal(state.used[one] - before[one])));
        }
        for (const one of ['other', ...CHANNELS] as const) expect(fromFixedPoint(kept.limit(one === 'other' ? null : one))).toBe(String(limitOf(state, one)));
      }
    }), { numRuns: 300 });
  });
});

function ownOf(state: Shop, name: string): number | undefined {
  return standing(state).own[state.shares.findIndex(({ channel }) => channel === name)];
}

/** More was sold beyond own shares than the pool ever had. */
function isShort(state: Shop): boolean {
  const whole = { ...allocationOf(state), shares: allocationOf(state).shares.map((share) => ({ ...share, used: decimal(0) })), usedWithoutShare: decimal(0) };
  const { base } = standing(state);
  const own = describeAllocation(whole, decimal(base), 0).channels.map((one) => Number(one.own));
  const unused = state.shares.reduce((sum, { channel }, index) => sum + Math.max(0, own[index]! - state.used[channel]), 0);
  return unused > state.atp;
}

describe('shares that ask for more than is left', () => {
  /** Every factor at which a share loses a unit, largest first: the first that fits. */
  function bruteForce(own: number[], used: number[], available: number): number[] {
    const factors = own.flatMap((share) => Array.from({ length: share }, (_, units) => [units, share] as const)).sort(([a, b], [c, d]) => c * b - a * d);
    const fits = (shares: number[]): boolean => shares.reduce((sum, share, index) => sum + Math.max(0, share - used[index]!), 0) <= available;
    if (fits(own)) return own;
    // Between two such points the shares do not change: the factor just above each is tried by one that lies halfway to the next.
    const points = [[1, 1] as const, ...factors];
    for (let index = 1; index < points.length; index += 1) {
      const [[a, b], [c, d]] = [points[index - 1]!, points[index]!];
      const [top, bottom] = [a * d + c * b, 2 * b * d];
      const shares = own.map((share) => Math.floor((share * top) / bottom));
      if (fits(shares)) return shares;
    }
    return own.map(() => 0);
  }

  it('shrink by the largest factor that fits', () => {
    const shares = fc.array(fc.tuple(fc.nat(12), fc.nat(14)), { minLength: 1, maxLength: 4 });
    fc.assert(fc.property(shares, fc.nat(20), (pairs, available) => {
      const [own, used] = [pairs.map(([share]) => share), pairs.map(([, gone]) => gone)];
      const exact = shrinkToFit(own.map(BigInt), used.map(BigInt), BigInt(available), 1n).map(Number);
      expect(exact).toEqual(bruteForce(own, used, available));
    }), { numRuns: 2_000 });
  });
});

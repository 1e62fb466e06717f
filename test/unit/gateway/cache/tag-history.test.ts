import { describe, expect, it, vi } from 'vitest';
import { changeOf } from '../../../../gateway/cache/change-tags.ts';
import { followInvalidations } from '../../../../gateway/cache/invalidations.ts';
import { FollowedTags } from '../../../../gateway/cache/tag-history.ts';
import { globalId } from '../../../../domain/ids.ts';
import { manualClock } from '../../../../platform/clock.ts';
import { silentLog } from '../../../../platform/log.ts';
import { createMemoryEventLog } from '../../../../platform/stores/memory-event-log.ts';

const at = (n: number, epoch = 'e'): string => `1000-${n}.${epoch}`;

function begun(remembered?: number): FollowedTags {
  const history = new FollowedTags(['stock', 'price'], remembered);
  history.begin('stock', at(5));
  history.begin('price', at(0));
  return history;
}

describe('which tags have changed since a mark', () => {
  it('is known by where each topic stood, in whichever process the mark was taken', () => {
    const history = begun();
    const mark = history.mark()!;
    expect(mark).toEqual({ stock: at(5), price: at(0) });
    history.record('stock', at(6), ['Stock:a']);
    const copy = JSON.parse(JSON.stringify(mark)) as typeof mark;
    expect([history.changedSince(['Stock:a'], mark), history.changedSince(['Stock:b'], mark), history.changedSince(['Stock:a'], copy)]).toEqual([true, false, true]);
    expect(history.changedSince(['Stock:a'], history.mark()!)).toBe(false);
    // A mark of who is further on than we are.
    expect(history.changedSince(['Stock:a'], { stock: at(9), price: at(0) })).toBe(false);
  });

  it('is taken for changed where nothing is known: before the beginning, in another life of the log, without a topic', () => {
    const history = begun();
    expect(history.changedSince(['x'], { stock: at(4), price: at(0) })).toBe(true);
    expect(history.changedSince(['x'], { stock: at(5, 'f'), price: at(0) })).toBe(true);
    expect(history.changedSince(['x'], { stock: at(5) })).toBe(true);
    history.knownSince('stock', at(2));
    expect(history.changedSince(['x'], { stock: at(4), price: at(0) })).toBe(false);
    expect(history.changedSince(['x'], { stock: at(1), price: at(0) })).toBe(true);
    history.lose('stock');
    expect(history.mark()).toBeNull();
    expect(history.changedSince([], { stock: at(5), price: at(0) })).toBe(true);
  });

  it('keeps what was told while it began', () => {
    const history = new FollowedTags(['stock']);
    history.record('stock', at(7), ['Stock:a']);
    history.begin('stock', at(6));
    expect(history.changedSince(['Stock:a'], { stock: at(6) })).toBe(true);
    expect(history.mark()).toEqual({ stock: at(7) });
  });

  it('forgets the older half when there are too many, and takes what it forgot for changed', () => {
    const history = begun(10);
    for (let n = 6; n < 40; n += 1) history.record('stock', at(n), [`Stock:${n}`]);
    expect(history.changedSince(['Stock:38'], { stock: at(37), price: at(0) })).toBe(true);
    expect(history.changedSince(['Stock:6'], { stock: at(5), price: at(0) })).toBe(true);
    expect(history.changedSince(['Stock:none'], { stock: at(20), price: at(0) })).toBe(true);
    expect(history.changedSince(['Stock:none'], { stock: at(38), price: at(0) })).toBe(false);
  });

  it('holds what takes a while to settle: nothing that was asked for before the release is of use after it', () => {
    const history = begun();
    const during = history.mark()!;
    const release = history.hold(['Directory']);
    expect(history.changedSince(['Directory'], history.mark()!)).toBe(true);
    release();
    expect(history.changedSince(['Directory'], during)).toBe(true);
    expect(history.changedSince(['Directory'], history.mark()!)).toBe(false);
  });
});

describe('following the log', () => {
  it('makes tags of events', () => {
    expect(changeOf({ type: 'stock.changed', sku: 'a' }).tags).toEqual(['Stock:a']);
    expect(changeOf({ type: 'price.changed', sku: 'a', priceListCode: 'L' }).tags).toEqual(['Price:a', 'Price:a:L']);
    expect(changeOf({ type: 'price.changed', sku: null, priceListCode: 'L' }).tags).toEqual(['Price', 'PriceList:L']);
    expect(changeOf({ type: 'price.changed', sku: null, priceListCode: null }).tags).toEqual(['Price']);
    expect(changeOf({ type: 'product.changed', productCode: 'p' }).tags).toEqual(['Product:p', `Product:${globalId('Product', 'p')}`, 'Catalog']);
    expect(changeOf({ type: 'made.up' }).tags).toEqual([]);
    expect(changeOf(null).tags).toEqual([]);
  });

  it('tells of the directory twice: when it has changed, and when every process of the catalogue knows', async () => {
    vi.useFakeTimers();
    const clock = manualClock(1_000);
    const eventLog = createMemoryEventLog({ clock, capacity: 100 });
    const invalidations = followInvalidations({ eventLog, clock, log: silentLog, historyMs: 1_000 });
    await invalidations.followed;
    const told: unknown[] = [];
    invalidations.onInvalidated((tags) => told.push(tags));
    await eventLog.append('product', [{ type: 'product.directoryChanged' }]);
    expect(invalidations.changedSince(['Directory'], invalidations.mark()!)).toBe(true);
    await vi.advanceTimersByTimeAsync(1_600);
    expect(told).toEqual([['Directory'], ['Directory']]);
    expect(invalidations.changedSince(['Directory'], invalidations.mark()!)).toBe(false);
    invalidations.close();
    vi.useRealTimers();
  });

  it('knows nothing while the log does not say how current it is', async () => {
    const clock = manualClock(1_000);
    const eventLog = createMemoryEventLog({ clock, capacity: 100 });
    let currentAt: number | null = null;
    const invalidations = followInvalidations({ eventLog: { ...eventLog, currentAt: () => currentAt }, clock, log: silentLog, historyMs: 0 });
    await invalidations.followed;
    expect(invalidations.mark()).toBeNull();
    currentAt = clock.monotonic();
    expect(invalidations.mark()).not.toBeNull();
    clock.advance(1_001);
    expect(invalidations.mark()).toBeNull();
  });
});

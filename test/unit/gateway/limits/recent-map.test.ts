import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRecentMap } from '../../../../platform/recent-map.ts';

it('a recent map answers what was put last, forgets only what was not used lately, and is bounded', () => {
  const step = fc.record({ what: fc.constantFrom('get', 'set', 'delete'), key: fc.integer({ min: 0, max: 30 }).map(String) });
  fc.assert(fc.property(fc.array(step, { maxLength: 300 }), fc.integer({ min: 2, max: 20 }), (steps, capacity) => {
    const map = createRecentMap<number>(capacity);
    const truth = new Map<string, number>();
    // Most recently used last.
    const used: string[] = [];
    steps.forEach(({ what, key }, index) => {
      if (what === 'set') truth.set(key, index);
      if (what === 'delete') truth.delete(key);
      const found = what === 'set' ? map.set(key, index) : what === 'delete' ? map.delete(key) : map.get(key);
      if (what === 'get') {
        const isRecent = [...new Set([...used].reverse())].slice(0, Math.max(1, Math.floor(capacity / 2))).includes(key);
        if (found !== undefined || isRecent) expect(found).toBe(truth.get(key));
        if (found === undefined) truth.delete(key);
      }
      if (truth.has(key)) used.push(key);
      expect([...map.values()].length).toBeLessThanOrEqual(capacity);
    });
  }));
});

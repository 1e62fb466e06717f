import { beforeEach, describe, expect, it } from 'vitest';
import { findRemovedRules } from '../../../../connectors/odoo/rule-removals.ts';
import type { CallContext } from '../../../../domain/connector.ts';
import { memoryOdoo } from './memory-odoo.ts';

const MODEL = 'product.pricelist.item';
const call: CallContext = { signal: new AbortController().signal, deadlineAtMs: Number.MAX_SAFE_INTEGER };
/** The server's clock stands at 08:00:00; a delta reaches back two minutes. */
const rule = (id: number, createdAt = '07:00:00') => ({ id, create_date: `2026-11-21 ${createdAt}`, active: true });

let rules: ReturnType<typeof rule>[];
beforeEach(() => {
  rules = [rule(1), rule(2), rule(5)];
});

const ask = (mark: string | null, listed: readonly string[] = []) =>
  findRemovedRules(memoryOdoo({ tables: { [MODEL]: rules } }), { model: MODEL, domain: [['active', '=', true]] }, { mark, listed }, call);
const drop = (id: number) => {
  rules = rules.filter((one) => one.id !== id);
};

describe('whether rules are gone', () => {
  it('is told by counting those there were', async () => {
    const { removed, mark } = await ask(null);
    expect([removed, await ask(mark)]).toEqual([false, { removed: false, mark }]);
    drop(2);
    const later = await ask(mark);
    expect([later.removed, await ask(later.mark)]).toMatchObject([true, { removed: false }]);
  });

  it('is told of the last one, and of all of them', async () => {
    const { mark } = await ask(null);
    drop(5);
    expect(await ask(mark)).toMatchObject({ removed: true });
    rules = [];
    const { removed, mark: none } = await ask(mark);
    expect([removed, await ask(none)]).toMatchObject([true, { removed: false }]);
  });

  it('is not mistaken for new ones, nor hidden by as many', async () => {
    const { mark } = await ask(null);
    rules.push(rule(6, '07:59:59'), rule(7, '07:59:59'));
    const { removed, mark: later } = await ask(mark);
    expect(removed).toBe(false);
    drop(1);
    rules.push(rule(8, '07:59:59'));
    expect([await ask(mark), await ask(later)]).toMatchObject([{ removed: true }, { removed: true }]);
  });

  it('is not mistaken for what a long import adds below the highest id, and not hidden by it', async () => {
    rules.push(rule(9, '07:59:58'));
    const { mark } = await ask(null);
    rules.push(rule(6, '07:59:00'), rule(7, '07:59:00'));
    expect(await ask(mark)).toMatchObject({ removed: false });
    drop(2);
    expect(await ask(mark)).toMatchObject({ removed: true });
  });

  it('is told of a young one', async () => {
    rules.push(rule(6, '07:59:30'));
    const { mark } = await ask(null);
    drop(6);
    expect(await ask(mark)).toMatchObject({ removed: true });
  });

  it('is told of what came after the mark and was listed', async () => {
    const { mark } = await ask(null);
    rules.push(rule(6, '07:59:30'), rule(7, '07:59:30'));
    expect(await ask(mark, ['1', '6', '7'])).toMatchObject({ removed: false });
    drop(6);
    expect(await ask(mark, ['1', '6', '7'])).toMatchObject({ removed: true });
  });

  it('is told of what can no longer be seen, and of what can be seen again', async () => {
    const { mark } = await ask(null);
    rules[0] = { ...rules[0]!, active: false };
    const { removed, mark: hidden } = await ask(mark);
    expect(removed).toBe(true);
    expect(await ask(hidden)).toMatchObject({ removed: false });
    rules[0] = { ...rules[0], active: true };
    expect(await ask(hidden)).toMatchObject({ removed: true });
  });

  it('cannot be told by a mark of somebody else: then they are', async () => {
    for (const strange of ['', '7', 'null', '{"highestId":1}', '{"highestId":1,"settled":1,"recent":0,"settledBefore":"then"}']) {
      const { removed, mark } = await ask(strange);
      expect([strange, removed, await ask(mark)]).toMatchObject([strange, true, { removed: false }]);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { add, decimal } from '../../domain/decimal.ts';
import { dropKits, makeKit, makesKits, withDemand } from './erp-desk.ts';
import { addDaysTo, readSeed } from './seed-oracle.ts';
import { call, firstPage, openTargets, readPass } from './targets.ts';

for (const { name, connector, seededOn, sandbox, desk } of await openTargets()) {
  const { stock, capabilities } = connector;
  if (stock === undefined) continue;
  const seed = readSeed();
  describe(`stock of ${name}`, () => {
    it.skipIf(seededOn === null)('has the locations of the seed', async () => {
      const locations = await readPass(stock.listLocations);
      expect(locations.map(({ code, name: title }) => ({ code, name: title })).sort((a, b) => (a.code < b.code ? -1 : 1)))
        .toEqual([...seed!.warehouses].sort((a, b) => (a.code < b.code ? -1 : 1)));
    });

    it.skipIf(seededOn === null)('has every level of the seed, zeros included', async () => {
      const levels = new Map((await readPass(stock.listStock, 13)).map((level) => [`${level.sku} ${level.locationCode}`, level]));
      for (const [location, quantities] of Object.entries(seed!.stock)) {
        for (const [sku, quantity] of Object.entries(quantities)) {
          expect(levels.get(`${sku} ${location}`), `${sku} ${location}`).toMatchObject({ onHand: decimal(String(quantity)), unsellable: '0', quantityBasis: 'ON_HAND' });
        }
      }
    });

    it.skipIf(!capabilities.liveStock || seededOn === null)('is read live per key: known, unknown and without stock side by side', async () => {
      const before = Date.now();
      const [odd, unknown, service, twice] = await stock.readStock(['a/b c+d', 'NO-SUCH', 'SETUP', 'a/b c+d'], call());
      expect(unknown).toEqual({ ok: true, value: null });
      expect(service).toEqual({ ok: true, value: [] });
      expect(odd).toMatchObject({ ok: true, value: expect.arrayContaining([expect.objectContaining({ locationCode: 'EAST', onHand: '2' })]) });
      expect(twice).toEqual(odd);
      const [level] = odd?.ok === true ? (odd.value ?? []) : [];
      expect(Date.parse(level!.asOf)).toBeGreaterThanOrEqual(before);
      expect(Date.parse(level!.asOf)).toBeLessThanOrEqual(Date.now());
    });

    const inDays = (days: number): string => addDaysTo(new Date().toISOString().slice(0, 10), days);
    const levelAt = async (sku: string, warehouse: string) => {
      const [answer] = await stock.readStock([sku], call());
      return answer?.ok === true ? answer.value?.find(({ locationCode }) => locationCode === warehouse) : undefined;
    };

    it.skipIf(desk === null || seededOn === null)('tells demand that is not due yet by its day, unless goods are reserved for it', async () => {
      // Nothing of it is in stock, so nothing can be reserved; of the other there is more than enough.
      const [without, plenty] = ['TEE-XL-WHI', 'CLIP-100'];
      const before = (await levelAt(plenty, 'MAIN'))!;
      await withDemand(desk!, { sku: without, quantity: 5, warehouse: 'MAIN', on: inDays(10) }, async () => {
        expect(await levelAt(without, 'MAIN')).toMatchObject({ onHand: '0', allocated: '0', issues: [{ date: inDays(10), quantity: '5' }] });
        await withDemand(desk!, { sku: without, quantity: 2, warehouse: 'MAIN', on: inDays(0) }, async () => {
          expect(await levelAt(without, 'MAIN')).toMatchObject({ allocated: '2', issues: [{ date: inDays(10), quantity: '5' }] });
        });
        const listed = (await readPass(stock.listStock)).find(({ sku, locationCode }) => sku === without && locationCode === 'MAIN');
        expect(listed).toMatchObject({ allocated: '0', issues: [{ date: inDays(10), quantity: '5' }] });
      });
      await withDemand(desk!, { sku: plenty, quantity: 3, warehouse: 'MAIN', on: inDays(10) }, async () => {
        expect(await levelAt(plenty, 'MAIN')).toMatchObject({ onHand: before.onHand, allocated: add(before.allocated, decimal(3)), issues: [] });
      });
      expect(await levelAt(without, 'MAIN')).toMatchObject({ allocated: '0', issues: [] });
    });

    it.skipIf(desk === null || seededOn === null)('keeps no stock of a kit', async ({ skip }) => {
      if (!(await makesKits(desk!))) skip();
      const kit = await makeKit(desk!, 'GIFTBOX', [{ sku: 'MUG-01', quantity: 2 }]);
      try {
        expect(await stock.readStock(['GIFTBOX'], call())).toEqual([{ ok: true, value: [] }]);
        expect((await readPass(stock.listStock)).map(({ sku }) => sku)).not.toContain('GIFTBOX');
      } finally {
        await dropKits(desk!, [kit]);
      }
    });

    it.skipIf(stock.clockDifferenceMs === undefined)('tells how far its clock is from ours', async () => {
      await stock.readStock(['HAM-16'], call());
      expect(Math.abs(stock.clockDifferenceMs!()!)).toBeLessThan(1_000);
    });

    it('reads nothing for nobody', async () => {
      expect(await stock.readStock([], call())).toEqual([]);
    });

    it.skipIf(sandbox === null || seededOn === null || !capabilities.delta.includes('stock'))('a delta reaches back behind its watermark: overlapping rather than missing', async () => {
      const { watermark } = await stock.listStock(firstPage, call());
      expect(watermark).not.toBeNull();
      const delta = await readPass(stock.listStock, 500, watermark);
      expect(delta.length).toBeGreaterThan(0);
    });

    it.skipIf(sandbox === null)('a silent system is silence, not an answer', async () => {
      const fault = sandbox!.faults.add({ kind: 'timeout' });
      try {
        const hasty = { ...call(), deadlineAtMs: Date.now() + 300 };
        await expect(stock.readStock(['HAM-16'], hasty)).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT', retryable: true });
      } finally {
        sandbox!.faults.remove(fault.id);
      }
    });
  });
}

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { manualClock } from '../../../platform/clock.ts';
import { createEngine } from '../../../sandbox/engine/engine.ts';
import { checkPlace, checkValues } from '../../../sandbox/engine/pim-checks.ts';
import { pimFromSeed } from '../../../sandbox/engine/pim-state.ts';
import { loadAdventureWorks } from '../../../sandbox/seeds/adventureworks/load.ts';
import { mendTwiceEncoded } from '../../../sandbox/seeds/adventureworks/names.ts';
import { cells, commaCells, decode } from '../../../sandbox/seeds/adventureworks/tables.ts';

const folder = join(process.env['SHARED_DIR'] ?? '../shared', 'data/adventureworks');
const missing = !existsSync(folder) && process.env['CI'] !== 'true';
if (missing) console.warn(`skipped: no ${folder}; set SHARED_DIR to the folder of reference data`);

describe('decoding', () => {
  it('tells the three encodings apart', () => {
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('Ångström\tזהב', 'utf16le')]);
    expect(decode(utf16)).toBe('Ångström\tזהב');
    expect(decode(Buffer.from('Düsseldorf', 'latin1'))).toBe('Düsseldorf');
    expect(decode(Buffer.from('Düsseldorf', 'utf8'))).toBe('Düsseldorf');
  });

  it('cuts both layouts, with line breaks inside a cell', () => {
    expect(cells('1\ta\t\n2\tb\tc\n')).toEqual([['1', 'a', ''], ['2', 'b', 'c']]);
    expect(cells('1+|\uFEFF<a>\r\n</a>+|&|\r\n2+|+|x&|\r\n')).toEqual([['1', '<a>\r\n</a>', ''], ['2', '', 'x']]);
    expect(commaCells('a,"b, ""c""",\r\n,d')).toEqual([['a', 'b, "c"', ''], ['', 'd']]);
  });

  it('mends text that was encoded twice and leaves the rest', () => {
    for (const name of ['Sánchez', 'Łukasz', 'Óscar', 'plain', 'Zoë “Z” Müller']) {
      expect(mendTwiceEncoded(new TextDecoder('windows-1252').decode(Buffer.from(name, 'utf8')))).toBe(name);
      expect(mendTwiceEncoded(name)).toBe(name);
    }
  });
});

describe.skipIf(missing)('AdventureWorks', () => {
  let loaded: ReturnType<typeof loadAdventureWorks>;
  beforeAll(() => {
    loaded = loadAdventureWorks(folder, { today: '2026-01-15' });
  });

  it('brings every product, stock row and customer', () => {
    const { erp, pim } = loaded;
    // One more: what charges of an order are booked on.
    expect(erp.items.flatMap((item) => item.variants)).toHaveLength(505);
    expect(pim.products).toHaveLength(504);
    expect(erp.stock).toHaveLength(1069);
    expect(erp.locations).toHaveLength(14);
    expect(erp.customers).toHaveLength(19_820);
    expect(erp.purchaseOrders.flatMap((order) => order.lines)).toHaveLength(534);
    expect(pim.locales).toHaveLength(6);
  });

  it('accounts for every row', () => {
    for (const row of loaded.report.tables) {
      const listed = loaded.report.refused.filter((one) => one.table === row.table);
      expect(row.rowsIn, row.table).toBe(row.rowsOut + listed.length);
      expect(listed.every((one) => one.reason !== '' && one.key !== ''), row.table).toBe(true);
    }
  });

  it('moves all dates together, the newest open purchase to sixty days ahead', () => {
    const due = loaded.erp.purchaseOrders.flatMap((order) => order.lines).map((line) => ('on' in line.due ? line.due.on : ''));
    expect(due.sort().at(-1)).toBe('2026-03-16');
    const still = loadAdventureWorks(folder, { today: '2026-01-15', shiftDays: 0 }).erp.purchaseOrders.flatMap((order) => order.lines);
    expect(still.map((line) => ('on' in line.due ? line.due.on : '')).sort().at(-1)).toBe('2014-10-22');
  });

  it('keeps variant prices, weights and options of a model', () => {
    const vest = loaded.erp.items.find((item) => item.variants.some((variant) => variant.sku === 'BK-R93R-62'))!;
    expect(vest.name).toBe('Road-150');
    expect(vest.variants.find((variant) => variant.sku === 'BK-R93R-62')).toMatchObject({ options: { Size: '62' }, weight: '6.804' });
    expect(vest.listPrice).toBe('3578.27');
  });

  it('says what the PIM would accept', () => {
    const state = pimFromSeed(loaded.pim, '2026-01-15T00:00:00.000Z');
    for (const row of [...Object.values(state.products), ...Object.values(state.productModels)]) {
      checkValues(state, row.values);
      checkPlace(state, row);
    }
  });

  it('loads into the sandbox', () => {
    const engine = createEngine({ clock: manualClock(Date.UTC(2026, 0, 15)), dataDir: null });
    engine.reset({ erp: loaded.erp, pim: loaded.pim });
    expect(Object.keys(engine.pim.state.products)).toHaveLength(504);
    engine.close();
  });

  it('decodes what the all-UTF-8 copy of the same files says', () => {
    const oracle = untar(gunzipSync(readFileSync(join(folder, 'oltp_2025dates_utf8.tar.gz'))));
    const compared = { Address: [1, 2, 3, 5], Store: [1], ProductModel: [1], ProductDescription: [1], EmailAddress: [2], PersonPhone: [1], StateProvince: [1, 2, 4], CountryRegion: [1], Customer: [4], Product: [1, 2] };
    for (const [table, columns] of Object.entries(compared)) {
      const text = (rows: string[][]): string[] => rows.map((row) => [row[0], ...columns.map((column) => row[column])].map((cell) => cell?.trim()).join('\t'));
      const ours = text(cells(decode(readFileSync(join(folder, 'oltp_2016dates', `${table}.csv`)))));
      const theirs = text(cells(new TextDecoder('utf-8', { fatal: true }).decode(oracle.get(`utf8/${table}.csv`)!)));
      expect(ours.length, table).toBeGreaterThan(100);
      expect(ours.filter((row, index) => row !== theirs[index]), table).toEqual([]);
    }
  });
});

/** Plain ustar: a 512-byte header with name and octal size, then the bytes, padded. */
function untar(bytes: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (let at = 0; at + 512 <= bytes.length && bytes[at] !== 0; ) {
    const name = bytes.toString('utf8', at, at + 100).replace(/\0.*$/s, '');
    const size = Number.parseInt(bytes.toString('ascii', at + 124, at + 136), 8);
    files.set(name, bytes.subarray(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

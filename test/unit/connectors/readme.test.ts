import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MAPS as AKENEO } from '../../../connectors/akeneo/maps.ts';
import { MAPS as ODOO } from '../../../connectors/odoo/maps.ts';
import { refreshReadmes, withFieldTable } from '../../../scripts/connector-readme.ts';

it('every connector\'s README holds the field table of its maps (npm run connector:readme)', async () => {
  expect(await refreshReadmes(join(process.cwd(), 'connectors'), { check: true })).toEqual([]);
});

it('a README without the marks is refused', () => {
  expect(() => withFieldTable('# X', [])).toThrow('no "<!-- fields');
});

it('every row of a field table names one of our fields, its columns and its converter', () => {
  for (const maps of [AKENEO, ODOO]) {
    const rows = maps.flatMap((map) => map.fieldTable().split('\n'));
    expect(rows.every((row) => /^\| `[A-Z]\w+(\.lines)?\.\w+` \| .+ \| .+ \|$/.test(row))).toBe(true);
  }
});

import { join } from 'node:path';
import { expect, it } from 'vitest';
import { refreshReadmes, withFieldTable } from '../../../scripts/connector-readme.ts';

it('every connector\'s README holds the field table of its maps (npm run connector:readme)', async () => {
  expect(await refreshReadmes(join(process.cwd(), 'connectors'), { check: true })).toEqual([]);
});

it('a README without the marks is refused', () => {
  expect(() => withFieldTable('# X', [])).toThrow('no "<!-- fields');
});

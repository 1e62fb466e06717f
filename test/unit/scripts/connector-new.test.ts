import { cp, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createConnectorFiles, withVendor } from '../../../scripts/connector-new.ts';

it('a new connector has every room, no gaps left to fill, and its line in the roster', async () => {
  const root = await mkdtemp(join(tmpdir(), 'connector-new-'));
  await cp('connectors/roster.ts', join(root, 'connectors/roster.ts'));
  const written = await createConnectorFiles(root, 'acme-one');
  const rooms = ['README.md', 'connector.ts', 'client.ts', 'failures.ts', 'scrub.ts', 'items.ts', 'item.map.ts', 'wire.ts'].map((room) => `connectors/acme-one/${room}`);
  expect(written).toEqual(expect.arrayContaining([...rooms, 'sandbox/faces/acme-one/face.ts', 'test/unit/connectors/acme-one/items.test.ts']));
  for (const file of written) expect(await readFile(join(root, file), 'utf8'), file).not.toMatch(/__[vV]endor/);
  expect(await readFile(join(root, 'connectors/roster.ts'), 'utf8')).toContain(`'acme-one': vendor(() => import('./acme-one/connector.ts'))`);
  await expect(createConnectorFiles(root, 'acme-one')).rejects.toThrow('is there already');
});

it('the roster stays in alphabetical order', async () => {
  const roster = await readFile('connectors/roster.ts', 'utf8');
  const grown = ['zuora', 'netsuite', 'aa'].reduce(withVendor, roster);
  const names = [...grown.matchAll(/^ {2}'?([a-z-]+)'?: vendor\(/gm)].map(([, name]) => name);
  expect(names).toEqual([...names].sort());
});

it.each(['', 'A', 'a b', '../x', 'a--b'])('%j is no name', async (name) => {
  await expect(createConnectorFiles('/nowhere', name)).rejects.toThrow('is no folder name');
});

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Writes each connector's field table into its README, between the two marks. `--check` only says what is out of date. */

const START = '<!-- fields: written by npm run connector:readme -->';
const END = '<!-- /fields -->';

interface DocumentedMap {
  readonly fieldTable: () => string;
}

/** The README with the table of these maps. @throws Error where the marks are missing */
export function withFieldTable(readme: string, maps: readonly DocumentedMap[]): string {
  const [start, end] = [readme.indexOf(START), readme.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`no "${START}" … "${END}"`);
  const table = ['| our field | vendor columns | converter |', '|---|---|---|', ...maps.map((map) => map.fieldTable())].join('\n');
  return `${readme.slice(0, start + START.length)}\n${table}\n${readme.slice(end)}`;
}

/** Names of connectors whose README differs from their maps; rewritten unless only checked. */
export async function refreshReadmes(folder: string, { check }: { readonly check: boolean }): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const stale: string[] = [];
  for (const vendor of entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)) {
    const file = join(folder, vendor, 'README.md');
    const { MAPS } = (await import(pathToFileURL(join(folder, vendor, 'maps.ts')).href)) as { MAPS: readonly DocumentedMap[] };
    const before = await readFile(file, 'utf8');
    const after = withFieldTable(before, MAPS);
    if (after === before) continue;
    stale.push(vendor);
    if (!check) await writeFile(file, after);
  }
  return stale;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const check = process.argv.includes('--check');
  const stale = await refreshReadmes(join(process.cwd(), 'connectors'), { check });
  process.stdout.write(stale.length === 0 ? 'field tables are up to date\n' : `${check ? 'out of date' : 'written'}: ${stale.join(', ')}\n`);
  if (check && stale.length > 0) process.exitCode = 1;
}

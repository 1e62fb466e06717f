import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { refreshReadmes } from './connector-readme.ts';

/** `npm run connector:new acme`: a connector with every room, its sandbox face, its line in the roster and a test that passes. */

const TEMPLATE = join(dirname(fileURLToPath(import.meta.url)), 'connector-template');

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** "sap-business-one" -> SapBusinessOne */
const className = (vendor: string): string => vendor.split('-').map(capitalised).join('');

function fill(template: string, vendor: string): string {
  const name = className(vendor);
  return template.replaceAll('__vendorName__', name.charAt(0).toLowerCase() + name.slice(1)).replaceAll('__Vendor__', name).replaceAll('__vendor__', vendor);
}

/** The roster with a line for the vendor, in alphabetical order. */
export function withVendor(roster: string, vendor: string): string {
  const key = /^[a-z][a-z0-9]*$/.test(vendor) ? vendor : `'${vendor}'`;
  const line = `  ${key}: vendor(() => import('./${vendor}/connector.ts')),`;
  const lines = roster.split('\n');
  const keyOf = (text: string): string | undefined => /^ {2}'?([a-z][a-z0-9-]*)'?: vendor\(/.exec(text)?.[1];
  const following = lines.findIndex((text) => (keyOf(text) ?? '') > vendor);
  const last = lines.findLastIndex((text) => keyOf(text) !== undefined);
  if (last < 0) throw new Error('connectors/roster.ts has no vendor line to stand beside');
  lines.splice(following < 0 ? last + 1 : following, 0, line);
  return lines.join('\n');
}

/** Writes the new connector's files below `root` and answers their paths. @throws Error for an unusable or taken name */
export async function createConnectorFiles(root: string, vendor: string): Promise<readonly string[]> {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(vendor)) throw new Error(`"${vendor}" is no folder name: lower case, digits and single hyphens`);
  const targets = { connector: join('connectors', vendor), sandbox: join('sandbox', 'faces', vendor), test: join('test', 'unit', 'connectors', vendor) };
  const taken = Object.values(targets).find((folder) => existsSync(join(root, folder)));
  if (taken !== undefined) throw new Error(`${taken} is there already`);
  const written: string[] = [];
  for (const [part, folder] of Object.entries(targets)) {
    await mkdir(join(root, folder), { recursive: true });
    for (const file of await readdir(join(TEMPLATE, part))) {
      const target = join(folder, file.replace(/\.txt$/, ''));
      await writeFile(join(root, target), fill(await readFile(join(TEMPLATE, part, file), 'utf8'), vendor));
      written.push(target);
    }
  }
  const roster = join(root, 'connectors', 'roster.ts');
  await writeFile(roster, withVendor(await readFile(roster, 'utf8'), vendor));
  return [...written, join('connectors', 'roster.ts')];
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    const written = await createConnectorFiles(process.cwd(), process.argv[2] ?? '');
    await refreshReadmes(join(process.cwd(), 'connectors'), { check: false });
    process.stdout.write(`${written.map((file) => `  ${file}`).join('\n')}\nNext: mount the face in sandbox/server.ts, then fill one port at a time and hold it to test/contracts.\n`);
  } catch (error) {
    process.stderr.write(`connector:new: ${(error as Error).message}\nusage: npm run connector:new <vendor>\n`);
    process.exitCode = 2;
  }
}

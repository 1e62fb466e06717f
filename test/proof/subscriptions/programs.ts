import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { applyEdit, type Mutation } from '../mutations/mutation.ts';

/** The programs of the proof, each one file: nodes die and start so often that reading sources would be most of the work. */
export interface Programs {
  readonly node: string;
  readonly clients: string;
  remove(): void;
}

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** @param mutation a bug that is planted in the nodes; the files themselves are never touched */
export async function buildPrograms(mutation: Mutation | null): Promise<Programs> {
  const folder = join(ROOT, '.data', `proof-subscriptions-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const bundle = async (name: string, plugins: Plugin[]): Promise<string> => {
    const outfile = join(folder, `${name}.mjs`);
    await build({ entryPoints: [fileURLToPath(new URL(`${name}.ts`, import.meta.url))], outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external', logLevel: 'error', plugins });
    return outfile;
  };
  return {
    node: await bundle('node', mutation ? [plant(mutation)] : []),
    clients: await bundle('clients', []),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const plant = ({ edits }: Mutation): Plugin => ({
  name: 'planted bug',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const mine = edits.filter(({ file }) => join(ROOT, file) === path);
      if (mine.length === 0) return null;
      return { loader: 'ts', contents: mine.reduce(applyEdit, readFileSync(path, 'utf8')) };
    });
  },
});

import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';
import { applyEdit, chooseMutations } from './mutation.ts';
import { ORDER_MUTATIONS } from '../orders/mutations.ts';
import { MUTATIONS } from './mutations.ts';

/*
 * Loaded before a process of the simulation: puts the planted bug named by PROOF_MUTATION in place of the real source as it
 * is loaded. The files themselves are never touched.
 */

const ROOT = new URL('../../../', import.meta.url);
const [mutation] = chooseMutations([...MUTATIONS, ...ORDER_MUTATIONS], process.env['PROOF_MUTATION'] ?? '');

const mutated = new Map<string, string>();
for (const edit of mutation!.edits) {
  const { href } = new URL(edit.file, ROOT);
  mutated.set(href, applyEdit(mutated.get(href) ?? readFileSync(fileURLToPath(href), 'utf8'), edit));
}

registerHooks({
  load: (url, context, nextLoad) => {
    const source = mutated.get(url.split('?')[0]!);
    if (source === undefined) return nextLoad(url, context);
    return { format: 'module', shortCircuit: true, source: transformSync(source, { loader: 'ts', format: 'esm', sourcefile: url }).code };
  },
});

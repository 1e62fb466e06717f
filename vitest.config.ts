import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** graphql ships CommonJS and ES modules; both in one process are two realms whose schemas refuse each other. */
const graphql = fileURLToPath(new URL('./node_modules/graphql/index.js', import.meta.url));

/** Whole deployments and real servers: one file at a time, after the rest, so that none waits for the others' processes. */
const WHOLE = ['test/stories/**/*.test.ts', 'test/faults/**/*.test.ts', 'test/contracts/**/*.test.ts'];

/** Minutes of work where all of it is asked for (PROOF=full), a taste among the other tests. Last of all, one file at a time. */
const PROOF = ['test/proof/**/*.test.ts'];

export default defineConfig({
  resolve: { alias: [{ find: /^graphql$/, replacement: graphql }] },
  test: {
    // Generous: a slow machine must not fail a test that asserts nothing about time.
    testTimeout: 60_000,
    hookTimeout: 180_000,
    projects: [
      { extends: true, test: { name: 'parts', include: ['test/**/*.test.ts'], exclude: [...WHOLE, ...PROOF], maxWorkers: 2, sequence: { groupOrder: 1 } } },
      { extends: true, test: { name: 'whole', include: WHOLE, fileParallelism: false, maxWorkers: 1, sequence: { groupOrder: 2 } } },
      { extends: true, test: { name: 'proof', include: PROOF, fileParallelism: false, maxWorkers: 1, sequence: { groupOrder: 3 } } },
    ],
  },
});

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** graphql ships CommonJS and ES modules; both in one process are two realms whose schemas refuse each other. */
const graphql = fileURLToPath(new URL('./node_modules/graphql/index.js', import.meta.url));

export default defineConfig({
  resolve: { alias: [{ find: /^graphql$/, replacement: graphql }] },
  test: { include: ['test/**/*.test.ts'] },
});

import { copyFile, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * npm run pages, and npm's `prepare`: bundles the demo storefront and the explorer into dist/pages, where the gateway
 * finds them (gateway/http/routes/pages.ts). Everything they need comes from node_modules; nothing is fetched.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const target = `${root}dist/pages/`;
const require = createRequire(import.meta.url);

const PAGES = [
  { name: 'storefront', entry: 'gateway/storefront/main.tsx', needs: ['preact', 'graphql-ws'] },
  { name: 'explorer', entry: 'gateway/explorer/main.ts', needs: ['graphiql', '@graphiql/toolkit', 'react', 'react-dom'] },
] as const;

const isInstalled = (name: string): boolean => {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
};

async function buildPages(): Promise<void> {
  const missing = ['esbuild', ...PAGES.flatMap(({ needs }) => needs)].filter((name) => !isInstalled(name));
  if (missing.length > 0) {
    console.log(`pages are not built: ${missing.join(', ')} not installed (development dependencies). npm ci and npm run pages build them.`);
    return;
  }
  const { build } = await import('esbuild');
  await mkdir(target, { recursive: true });
  await Promise.all([
    build({
      absWorkingDir: root,
      entryPoints: PAGES.map(({ name, entry }) => ({ in: entry, out: name })),
      outdir: target,
      bundle: true,
      splitting: true,
      minify: true,
      format: 'esm',
      target: 'es2022',
      chunkNames: 'chunks/[name]-[hash]',
      loader: { '.graphql': 'text' },
      define: { 'process.env.NODE_ENV': '"production"' },
      legalComments: 'linked',
      logLevel: 'warning',
    }),
    ...PAGES.map(({ name }) => copyFile(`${root}gateway/${name}/page.html`, `${target}${name}.html`)),
  ]);
}

await buildPages();

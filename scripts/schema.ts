import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { printSubgraphSchema } from '@apollo/subgraph';
import { findBreakingChanges, lexicographicSortSchema, parse } from 'graphql';
import { loadSupergraph } from '../gateway/execution/planning/supergraph.ts';
import { SUBGRAPH_NAMES } from '../subgraphs/frame/module.ts';
import { loadSubgraph } from '../subgraphs/roster.ts';

/**
 * npm run schema: prints schema/<subgraph>.graphql from the code and composes schema/supergraph.graphql.
 * npm run schema:check: the same, but only compares; fails on drift, and on changes that would break clients of the graph
 * as it was at a revision (--base REV, default: as checked in).
 */
const check = process.argv.includes('--check');
const baseAt = process.argv.indexOf('--base');
const base = baseAt < 0 ? null : (process.argv[baseAt + 1] ?? null);
const ports: Readonly<Record<string, number>> = { catalog: 4101, inventory: 4102, pricing: 4103, customer: 4104, orders: 4105 };

const subgraphs = await Promise.all(
  SUBGRAPH_NAMES.map(async (name) => {
    const module = await loadSubgraph(name);
    const sdl = printSubgraphSchema(await module.buildSchema());
    return { name, sdl: `${sdl.trim()}\n` };
  }),
);

const composed = composeServices(subgraphs.map(({ name, sdl }) => ({ name, url: `http://127.0.0.1:${ports[name]}/graphql`, typeDefs: parse(sdl) })));
if (composed.errors) {
  console.error(composed.errors.map((error) => `${error.extensions['code']}: ${error.message}`).join('\n'));
  process.exit(1);
}
const files = new Map(subgraphs.map(({ name, sdl }) => [`schema/${name}.graphql`, sdl]));
files.set('schema/supergraph.graphql', `${composed.supergraphSdl.trim()}\n`);

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

if (check) {
  const before = base ? atRevision(base) : read('schema/supergraph.graphql');
  const broken = before === '' ? [] : breaking(before, composed.supergraphSdl);
  const drifted = [...files].filter(([path, text]) => read(path) !== text).map(([path]) => path);
  for (const change of broken) console.error(`breaking: ${change}`);
  for (const path of drifted) console.error(`drift: ${path} is not what the code says; run npm run schema and review the difference`);
  process.exit(broken.length + drifted.length === 0 ? 0 : 1);
}
for (const [path, text] of files) writeFileSync(path, text);
console.log(`wrote ${[...files.keys()].join(', ')}`);

/** The supergraph of an earlier revision; empty where it had none. */
function atRevision(revision: string): string {
  const shown = spawnSync('git', ['show', `${revision}:schema/supergraph.graphql`], { encoding: 'utf8' });
  return shown.status === 0 ? shown.stdout : '';
}

function breaking(before: string, after: string): string[] {
  const api = (sdl: string) => lexicographicSortSchema(loadSupergraph(sdl).apiSchema);
  return findBreakingChanges(api(before), api(after)).map(({ description }) => description);
}

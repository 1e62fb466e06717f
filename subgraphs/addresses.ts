import { SUBGRAPH_NAMES, type SubgraphName } from './frame/module.ts';

const FIRST_PORT = 4101;

/** Where a subgraph service listens unless SUBGRAPH_URLS says otherwise: catalog 4101 ... orders 4105. */
const defaultSubgraphUrl = (name: SubgraphName): string => `http://127.0.0.1:${FIRST_PORT + SUBGRAPH_NAMES.indexOf(name)}/graphql`;

export const isSubgraphName = (text: string): text is SubgraphName => (SUBGRAPH_NAMES as readonly string[]).includes(text);

/** URLs of all subgraphs: defaults overridden by "name=url" pairs. @throws Error for a pair that is none */
export function readSubgraphUrls(pairs: readonly string[]): Record<SubgraphName, string> {
  const urls = Object.fromEntries(SUBGRAPH_NAMES.map((name) => [name, defaultSubgraphUrl(name)])) as Record<SubgraphName, string>;
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const [name, url] = [pair.slice(0, at), pair.slice(at + 1)];
    if (!isSubgraphName(name) || !URL.canParse(url)) throw new Error(`SUBGRAPH_URLS: "${pair}" is not name=url with a name of ${SUBGRAPH_NAMES.join(', ')}`);
    urls[name] = url;
  }
  return urls;
}

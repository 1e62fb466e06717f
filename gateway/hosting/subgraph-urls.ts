/** Where a supergraph says that a subgraph is. */
export interface SubgraphAddress {
  readonly name: string;
  readonly url: string;
}

/** "name=url" pairs of SUBGRAPH_URLS. @throws Error for an entry that is no such pair */
export function readUrlPairs(pairs: readonly string[]): ReadonlyMap<string, string> {
  return new Map(pairs.map((pair) => {
    const at = pair.indexOf('=');
    const [name, url] = [pair.slice(0, at), pair.slice(at + 1)];
    if (at < 1 || !URL.canParse(url)) throw new Error(`SUBGRAPH_URLS: "${pair}" is not name=url`);
    return [name, url];
  }));
}

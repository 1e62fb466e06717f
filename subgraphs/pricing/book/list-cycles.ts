export interface BaseLink {
  readonly list: string;
  /** The list its price is computed from. */
  readonly base: string;
}

/** The way from `link.list` over its base back to itself, e.g. ["A", "B", "A"]; null when there is none. */
export function findCycle(links: readonly BaseLink[], link: BaseLink): readonly string[] | null {
  const bases = new Map<string, string[]>();
  for (const { list, base } of links) bases.set(list, [...(bases.get(list) ?? []), base]);
  const seen = new Set<string>();
  const walk = (code: string, path: readonly string[]): readonly string[] | null => {
    if (code === link.list) return [...path, code];
    if (seen.has(code)) return null;
    seen.add(code);
    for (const base of bases.get(code) ?? []) {
      const found = walk(base, [...path, code]);
      if (found !== null) return found;
    }
    return null;
  };
  return walk(link.base, [link.list]);
}

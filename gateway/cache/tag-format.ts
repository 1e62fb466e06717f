/** Writes a tag from a representation or from a field's arguments; null: something it names is not there. */
export type WriteTag = (values: Readonly<Record<string, unknown>>) => string | null;

const PLACEHOLDER = /\{\$(key|args)\.([A-Za-z0-9_.]+)\}/g;

/**
 * Compiles a format of `@cacheTag`, for example `Stock:{$key.sku}`.
 * @throws Error for a placeholder that is none of `source`
 */
export function compileTag(format: string, source: 'key' | 'args'): WriteTag {
  const parts: (string | readonly string[])[] = [];
  let end = 0;
  for (const match of format.matchAll(PLACEHOLDER)) {
    if (match[1] !== source) throw new Error(`@cacheTag(format: "${format}"): only {$${source}...} has a value here`);
    parts.push(format.slice(end, match.index), match[2]!.split('.'));
    end = match.index + match[0].length;
  }
  parts.push(format.slice(end));
  return (values) => {
    let tag = '';
    for (const part of parts) {
      const value = typeof part === 'string' ? part : textAt(values, part);
      if (value === null) return null;
      tag += value;
    }
    return tag;
  };
}

function textAt(values: unknown, path: readonly string[]): string | null {
  let value = values;
  for (const name of path) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, name)) return null;
    value = (value as Record<string, unknown>)[name];
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

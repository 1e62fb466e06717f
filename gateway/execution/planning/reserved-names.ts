import { Kind, visit, type DocumentNode, type FieldNode } from 'graphql';

/**
 * A plan and its subgraphs see the client's aliases as keys of one tree in which the plan also puts key fields and
 * `__typename` under their own names. `{ upc: name }` would be read as the key `upc`. Such aliases travel under
 * another name and get their own back when the response is shaped.
 */
export interface SafeAliases {
  readonly document: DocumentNode;
  /** The client's response key for a key of the tree. */
  restore(key: string): string;
}

/** Names an alias must not take: every field of the graph (hidden ones are keys, too), meta fields, and what each object inherits. */
export function readReservedNames(fieldNames: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...fieldNames, '__typename', ...Object.getOwnPropertyNames(Object.prototype)]);
}

export function renameReservedAliases(document: DocumentNode, reserved: ReadonlySet<string>): SafeAliases {
  const originals = new Map<string, string>();
  const renamed = visit(document, {
    Field: {
      leave(field: FieldNode): FieldNode | undefined {
        const alias = field.alias?.value;
        if (alias === undefined || alias === field.name.value) return undefined;
        if (!reserved.has(alias) && !alias.startsWith(PREFIX)) return undefined;
        originals.set(PREFIX + alias, alias);
        return { ...field, alias: { kind: Kind.NAME, value: PREFIX + alias } };
      },
    },
  });
  return { document: renamed, restore: (key) => originals.get(key) ?? key };
}

/** An alias that starts like this is renamed too, so no two names can meet. */
const PREFIX = 'alias_';

/** Resolvers of one subgraph, as `buildSubgraphSchema` takes them. */
export type FeatureResolvers = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface FeatureSubgraph {
  /** Without the `@link`, which the runner adds. */
  readonly sdl: string;
  readonly resolvers: FeatureResolvers;
}

export interface FeatureQuestion {
  readonly source: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** The answer a single schema would give. */
  readonly data: unknown;
  /** Path and code of each error; none where absent. */
  readonly errors?: readonly { readonly path: readonly (string | number)[]; readonly code: string }[];
  /** Requests by subgraph, where their number is part of the promise. */
  readonly requests?: Readonly<Record<string, number>>;
  /** Representations each subgraph was sent, likewise. */
  readonly representations?: Readonly<Record<string, number>>;
  readonly rolloutKey?: string;
}

/** One feature of federation: a small graph and what must come of it. */
export interface Feature {
  readonly name: string;
  readonly subgraphs: Readonly<Record<string, FeatureSubgraph>>;
  /** Decides override labels that are no percentages. */
  readonly resolveLabel?: (label: string) => boolean;
  readonly questions: readonly FeatureQuestion[];
}

/** Finds the row a representation stands for, by whichever of these fields it carries. */
export function byKey<Row extends Readonly<Record<string, unknown>>>(rows: readonly Row[], ...keys: readonly string[]) {
  return (reference: Readonly<Record<string, unknown>>): (Row & { readonly told: typeof reference }) | null => {
    const found = rows.find((row) => keys.some((key) => reference[key] !== undefined && row[key] === reference[key]));
    return found ? { ...found, told: reference } : null;
  };
}

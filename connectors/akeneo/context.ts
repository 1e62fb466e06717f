import type { CallContext } from '../../domain/connector.ts';
import type { AkeneoClient } from './client.ts';
import { readAll } from './paging.ts';
import type { ProductGiven, VariantGiven } from './product.map.ts';
import { isSelect, type Structure } from './structure.ts';
import type { ValueReading } from './values.ts';
import type { AkeneoModelRow, AkeneoProductRow, AkeneoValues } from './wire.ts';

/** Locales, attribute types and the option labels these rows need. */
export async function readValueReading(client: AkeneoClient, structure: Structure, rows: readonly { readonly values: AkeneoValues }[], call: CallContext): Promise<ValueReading> {
  const [locales, attributes] = await Promise.all([structure.locales(call), structure.attributes(call)]);
  const used = new Set(rows.flatMap((row) => Object.keys(row.values)));
  const selects = [...used].filter((code) => isSelect(attributes.get(code)?.type ?? ''));
  const options = await Promise.all(selects.map(async (code) => [code, await structure.options(code, call)] as const));
  return { settings: client.settings, locales, attributes, options: new Map(options) };
}

const key = (family: string | null, variant: string): string => `${family ?? ''} ${variant}`;

/** Axes of the family variants these models use. */
export async function readAxes(structure: Structure, models: readonly AkeneoModelRow[], call: CallContext): Promise<ProductGiven['axesOf']> {
  const sets = await readSets(structure, models, call);
  return ({ family, family_variant: variant }) => (sets.get(key(family, variant)) ?? []).flatMap((set) => set.axes);
}

/** For each parent code: the root model above it, and which attributes are set below that root (sub-model or variant). */
export async function readPlaces(client: AkeneoClient, structure: Structure, rows: readonly AkeneoProductRow[], call: CallContext): Promise<VariantGiven['placeOf']> {
  const parents = [...new Set(rows.flatMap((row) => row.parent ?? []))];
  const models = (await Promise.all(chunks(parents, 50).map((codes) => readModels(client, codes, call)))).flat();
  const sets = await readSets(structure, models, call);
  const places = new Map(models.map((model) => {
    const own = new Set((sets.get(key(model.family, model.family_variant)) ?? []).flatMap((set) => [...set.axes, ...set.attributes]));
    // Two levels at most: the parent of a sub-model is a root.
    return [model.code, { rootCode: model.parent ?? model.code, own }] as const;
  }));
  return (parent) => places.get(parent);
}

type Sets = readonly { readonly axes: readonly string[]; readonly attributes: readonly string[] }[];

async function readSets(structure: Structure, models: readonly AkeneoModelRow[], call: CallContext): Promise<ReadonlyMap<string, Sets>> {
  const distinct = new Map(models.flatMap((model) => (model.family === null ? [] : [[key(model.family, model.family_variant), model] as const])));
  const read = [...distinct].map(async ([name, { family, family_variant: variant }]) => {
    const { variant_attribute_sets: sets } = await structure.familyVariant(family as string, variant, call);
    return [name, [...sets].sort((a, b) => a.level - b.level)] as const;
  });
  return new Map(await Promise.all(read));
}

const readModels = (client: AkeneoClient, codes: readonly string[], call: CallContext): Promise<readonly AkeneoModelRow[]> =>
  readAll<AkeneoModelRow>(client, {
    resource: 'product-models',
    query: { pagination_type: 'search_after', search: JSON.stringify({ identifier: [{ operator: 'IN', value: codes }] }) },
  }, call);

const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));

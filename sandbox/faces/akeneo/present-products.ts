import { completenesses, inheritedCategories, inheritedValues } from '../../engine/pim-reads.ts';
import type { PimProduct, PimProductModel, PimState, PimValue, PimValues } from '../../engine/pim-types.ts';
import { wireInstant } from './answers.ts';
import type { Query } from './paging.ts';

/** What one reader of products asked to see. */
export interface View {
  readonly state: PimState;
  /** Start of every link: scheme, host, face. */
  readonly base: string;
  readonly query: Query;
}

/** A product as `products-uuid` answers it: values and categories of its models included. */
export function presentProduct(view: View, product: PimProduct): object {
  const { state, base, query } = view;
  return {
    _links: { self: { href: `${base}/api/rest/v1/products-uuid/${product.uuid}` } },
    uuid: product.uuid,
    enabled: product.enabled,
    family: product.family,
    categories: inheritedCategories(state, product),
    groups: [],
    parent: product.parent,
    values: presentValues(view, inheritedValues(state, product)),
    created: wireInstant(product.created),
    updated: wireInstant(product.updated),
    associations: mapValues(product.associations, (held) => ({ products: held.products, product_models: held.productModels, groups: held.groups })),
    quantified_associations: mapValues(product.quantified, (held) => ({
      products: held.products, product_models: held.productModels.map(({ code, quantity }) => ({ identifier: code, quantity })),
    })),
    ...(query['with_completenesses'] === 'true' && { completenesses: completenesses(state, product) }),
    metadata: { workflow_status: 'working_copy' },
  };
}

export function presentProductModel(view: View, model: PimProductModel): object {
  const { state, base } = view;
  return {
    _links: { self: { href: `${base}/api/rest/v1/product-models/${encodeURIComponent(model.code)}` } },
    code: model.code,
    family: model.family,
    family_variant: model.familyVariant,
    parent: model.parent,
    categories: inheritedCategories(state, model),
    values: presentValues(view, inheritedValues(state, model)),
    created: wireInstant(model.created),
    updated: wireInstant(model.updated),
    associations: {},
    quantified_associations: {},
    metadata: { workflow_status: 'working_copy' },
  };
}

/** Only the asked channel, locales and attributes; values that are the same everywhere always stay. */
function presentValues(view: View, values: PimValues): Record<string, object[]> {
  const { state, query } = view;
  const [attributes, locales, scope] = [query['attributes']?.split(','), query['locales']?.split(','), query['scope']];
  const allowed = locales ?? (scope === undefined ? undefined : state.channels[scope]?.locales);
  const shown = (value: PimValue): boolean =>
    (scope === undefined || value.scope === null || value.scope === scope) && (allowed === undefined || value.locale === null || allowed.includes(value.locale));
  const answer: Record<string, object[]> = {};
  for (const [code, rows] of Object.entries(values)) {
    if (attributes !== undefined && !attributes.includes(code)) continue;
    const kept = rows.filter(shown);
    if (kept.length > 0) answer[code] = kept.map((value) => presentValue(view, code, value));
  }
  return answer;
}

function presentValue({ state, base, query }: View, code: string, value: PimValue): object {
  const type = state.attributes[code]?.type;
  return {
    locale: value.locale,
    scope: value.scope,
    data: value.data,
    attribute_type: type,
    ...(type === 'pim_catalog_image' && { _links: { download: { href: mediaLink(base, String(value.data)) } } }),
    ...(query['with_attribute_options'] === 'true' && linkedData(state, code, value.data)),
  };
}

/** A single select carries its option, a multiple one a map from code to option. */
function linkedData(state: PimState, attribute: string, data: unknown): object {
  const options = state.options[attribute];
  if (options === undefined) return {};
  const one = (code: unknown) => ({ attribute, code: String(code), labels: options[String(code)]?.labels ?? {} });
  return { linked_data: Array.isArray(data) ? Object.fromEntries(data.map((code) => [String(code), one(code)])) : one(data) };
}

/** Where the bytes of a media file are. */
export function mediaLink(base: string, code: string): string {
  return `${base}/api/rest/v1/media-files/${code}/download`;
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

/** What a visitor has chosen to see: lives in the address, so that it can be shared and gone back to. */
export interface ListingChoice {
  readonly search: string;
  readonly category: string | null;
  readonly brands: readonly string[];
  /** Attribute code -> chosen machine values. */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  readonly sort: SortChoice;
}

export const SORTS = ['RELEVANCE', 'NAME_ASC', 'NAME_DESC', 'NEWEST'] as const;
export type SortChoice = (typeof SORTS)[number];

export const EVERYTHING: ListingChoice = { search: '', category: null, brands: [], attributes: {}, sort: 'RELEVANCE' };

const ATTRIBUTE = 'attr.';

export function readChoice(parameters: URLSearchParams): ListingChoice {
  const sort = SORTS.find((name) => name === parameters.get('sort')) ?? 'RELEVANCE';
  const codes = [...new Set(parameters.keys())].filter((key) => key.startsWith(ATTRIBUTE));
  const attributes = Object.fromEntries(codes.map((key) => [key.slice(ATTRIBUTE.length), parameters.getAll(key)]));
  return { search: parameters.get('q') ?? '', category: parameters.get('category'), brands: parameters.getAll('brand'), attributes, sort };
}

export function writeChoice({ search, category, brands, attributes, sort }: ListingChoice): URLSearchParams {
  const parameters = new URLSearchParams();
  if (search) parameters.set('q', search);
  if (category !== null) parameters.set('category', category);
  for (const brand of brands) parameters.append('brand', brand);
  for (const [code, values] of Object.entries(attributes)) for (const value of values) parameters.append(`${ATTRIBUTE}${code}`, value);
  if (sort !== 'RELEVANCE') parameters.set('sort', sort);
  return parameters;
}

/** As the graph's ProductFilter. */
export function filterOf({ category, brands, attributes }: ListingChoice): object | null {
  const chosen = Object.entries(attributes).filter(([, values]) => values.length > 0).map(([code, values]) => ({ code, values }));
  if (category === null && brands.length === 0 && chosen.length === 0) return null;
  return { ...(category !== null && { categoryCodes: [category] }), ...(brands.length > 0 && { brand: brands }), ...(chosen.length > 0 && { attributes: chosen }) };
}

const toggled = (values: readonly string[], value: string): readonly string[] => (values.includes(value) ? values.filter((one) => one !== value) : [...values, value]);

export const toggleBrand = (choice: ListingChoice, brand: string): ListingChoice => ({ ...choice, brands: toggled(choice.brands, brand) });

export const toggleAttribute = (choice: ListingChoice, code: string, value: string): ListingChoice => ({
  ...choice,
  attributes: { ...choice.attributes, [code]: toggled(choice.attributes[code] ?? [], value) },
});

export const countFilters = ({ category, brands, attributes }: ListingChoice): number =>
  (category === null ? 0 : 1) + brands.length + Object.values(attributes).reduce((total, values) => total + values.length, 0);

import type { UserErrorView } from '../graph/types.ts';

/** The form's fields by their path in PlaceOrderInput; userErrors come back with the same paths. */
export const FIELDS = [
  { path: 'contact.name', name: 'name', autocomplete: 'name', required: true },
  { path: 'contact.email', name: 'email', autocomplete: 'email', required: true },
  { path: 'contact.phone', name: 'phone', autocomplete: 'tel', required: false },
  { path: 'shipTo.line1', name: 'line1', autocomplete: 'address-line1', required: true },
  { path: 'shipTo.line2', name: 'line2', autocomplete: 'address-line2', required: false },
  { path: 'shipTo.postalCode', name: 'postalCode', autocomplete: 'postal-code', required: false },
  { path: 'shipTo.city', name: 'city', autocomplete: 'address-level2', required: true },
  { path: 'shipTo.region', name: 'region', autocomplete: 'address-level1', required: false },
  { path: 'shipTo.countryCode', name: 'countryCode', autocomplete: 'country', required: true },
] as const;

export type FormField = (typeof FIELDS)[number];
export type FormValues = Readonly<Record<string, string>>;

/** Groups the values of one part of the input; empty text is no value. */
export const partOf = (values: FormValues, part: 'contact' | 'shipTo'): Record<string, string | null> =>
  Object.fromEntries(FIELDS.filter(({ path }) => path.startsWith(`${part}.`)).map(({ path, name }) => [name, values[path]?.trim() || null]));

/** Path of the form's field an error belongs to; null when it is about something else. */
export function fieldOf({ field }: UserErrorView): string | null {
  const path = field.join('.');
  if (path === 'note') return path;
  // A guest without any contact is told so about the whole part: it is the e-mail that is missing.
  if (path === 'contact') return 'contact.email';
  if (path === 'shipTo') return 'shipTo.line1';
  return FIELDS.find((one) => one.path === path)?.path ?? null;
}

export const elementId = (path: string): string => `field-${path.replace('.', '-')}`;

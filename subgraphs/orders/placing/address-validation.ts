import type { PostalAddress } from '../../../domain/customers.ts';
import { checkText, type Problem } from './text-validation.ts';

export type AddressText = { readonly [K in keyof PostalAddress]?: string | null | undefined };

const LENGTHS = {
  name: 200, company: 200, line1: 200, line2: 200, city: 100, region: 100, postalCode: 32, countryCode: 2, phone: 40,
} as const satisfies Record<keyof PostalAddress, number>;

const countries = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

const isCountryCode = (code: string): boolean => /^[A-Z]{2}$/.test(code) && code !== 'ZZ' && countries.of(code) !== undefined;

/** Reads an address that stands at `path`; a country, a first line and a city are the least a carrier needs. */
export function readAddress(input: AddressText, path: readonly string[], problems: Problem[]): PostalAddress {
  const at = path.join('.');
  const read = (name: keyof PostalAddress): string | null =>
    checkText(input[name], [...path, name], LENGTHS[name], name === 'phone' ? 'PHONE' : 'FREE_TEXT', problems);
  const need = (name: keyof PostalAddress): string => {
    const text = read(name);
    if (text === null) problems.push({ field: [...path, name], message: `${at}.${name} must not be empty` });
    return text ?? '';
  };
  const countryCode = need('countryCode').toUpperCase();
  if (countryCode !== '' && !isCountryCode(countryCode)) {
    problems.push({ field: [...path, 'countryCode'], message: `${at}.countryCode is no ISO 3166-1 alpha-2 code, e.g. "DE"` });
  }
  const [line1, city] = [need('line1'), need('city')];
  const rest = { name: read('name'), company: read('company'), line2: read('line2'), region: read('region') };
  return { ...rest, line1, city, postalCode: read('postalCode'), countryCode, phone: read('phone') };
}

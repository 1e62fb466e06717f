import type { AttributeValue, Localized, MediaAsset } from '../../domain/catalog.ts';
import { decimal } from '../../domain/decimal.ts';
import { mimeTypeOf } from './mime-type.ts';
import type { AkeneoSettings } from './settings.ts';
import type { AkeneoAttributeRow, AkeneoLabels, AkeneoValue, AkeneoValues } from './wire.ts';

/** What values are read with. */
export interface ValueReading {
  readonly settings: Pick<AkeneoSettings, 'channel' | 'attributes'>;
  /** In order of fallback. */
  readonly locales: readonly string[];
  readonly attributes: ReadonlyMap<string, AkeneoAttributeRow>;
  /** Attribute code -> option code -> labels. */
  readonly options: ReadonlyMap<string, ReadonlyMap<string, AkeneoLabels>>;
}

/** The values our channel sees: its own and those that are the same everywhere. */
const seen = (values: AkeneoValues, code: string, { settings }: ValueReading): readonly AkeneoValue[] =>
  (values[code] ?? []).filter(({ scope }) => scope === null || scope === settings.channel);

/** A value's data in a locale; not translated = the same in all. */
const inLocale = (found: readonly AkeneoValue[], locale: string): AkeneoValue | undefined =>
  found.find((value) => value.locale === locale) ?? found.find((value) => value.locale === null);

/** Text per locale; a missing one falls back in order of the configured locales, `otherwise` when there is none at all. */
export function localized(values: AkeneoValues, code: string, reading: ValueReading, otherwise: string): Localized {
  const found = seen(values, code, reading);
  const fallback = reading.locales.map((locale) => inLocale(found, locale)?.data).find(hasText) ?? otherwise;
  return Object.fromEntries(reading.locales.map((locale) => {
    const own = inLocale(found, locale)?.data;
    return [locale, String(hasText(own) ? own : fallback)];
  }));
}

const hasText = (data: unknown): boolean => data !== undefined && data !== null && data !== '';

export function labelsOf(labels: AkeneoLabels, locales: readonly string[], otherwise: string): Localized {
  const table = labels as Readonly<Record<string, string | null | undefined>>;
  const fallback = locales.map((locale) => table[locale]).find((label) => label) ?? otherwise;
  return Object.fromEntries(locales.map((locale) => [locale, table[locale] || fallback]));
}

/** The first locale's text of one attribute, option label included; null when empty. */
export function singleText(values: AkeneoValues, code: string, reading: ValueReading): string | null {
  const value = attributeOf(values, code, reading);
  return value === null ? null : (value.text[reading.locales[0] ?? '*'] ?? value.text['*'] ?? null);
}

/** Every attribute except those with a home of their own (SKU, name, description, media) and those in `without`. */
export function attributesOf(values: AkeneoValues, reading: ValueReading, without: (code: string) => boolean = () => false): readonly AttributeValue[] {
  const { sku, name, description } = reading.settings.attributes;
  return Object.keys(values)
    .filter((code) => ![sku, name, description].includes(code) && !isFile(code, reading) && !without(code))
    .sort((a, b) => orderOf(a, reading) - orderOf(b, reading) || (a < b ? -1 : 1))
    .flatMap((code) => attributeOf(values, code, reading) ?? []);
}

const orderOf = (code: string, { attributes }: ValueReading): number => attributes.get(code)?.sort_order ?? 0;
const isFile = (code: string, { attributes }: ValueReading): boolean => ['pim_catalog_image', 'pim_catalog_file'].includes(attributes.get(code)?.type ?? '');

function attributeOf(values: AkeneoValues, code: string, reading: ValueReading): AttributeValue | null {
  const found = seen(values, code, reading).filter(({ data }) => hasText(data) && !(Array.isArray(data) && data.length === 0));
  const first = found[0];
  if (first === undefined) return null;
  const options = reading.options.get(code);
  const translated = options !== undefined || found.some(({ locale }) => locale !== null);
  const base = reading.locales.map((locale) => inLocale(found, locale)).find((value) => value !== undefined) ?? first;
  const text = translated
    ? Object.fromEntries(reading.locales.map((locale) => [locale, textOf((inLocale(found, locale) ?? base).data, locale, reading, options)]))
    : { '*': textOf(base.data, '*', reading, undefined) };
  return { code, text, values: machineValues(base.data), unit: unitOf(base.data) };
}

function textOf(data: unknown, locale: string, { locales }: ValueReading, options: ReadonlyMap<string, AkeneoLabels> | undefined): string {
  if (options === undefined) return [machineValues(data).join(', '), unitOf(data)].filter(Boolean).join(' ');
  return machineValues(data).map((code) => labelsOf(options.get(code) ?? {}, [locale, ...locales], code)[locale] ?? code).join(', ');
}

interface MetricData {
  readonly amount: string | number;
  readonly unit: string;
}
interface PriceData {
  readonly amount: string | number | null;
  readonly currency: string;
}

const isMetric = (data: unknown): data is MetricData => typeof data === 'object' && data !== null && 'amount' in data && 'unit' in data;
const isPrice = (data: unknown): data is PriceData => typeof data === 'object' && data !== null && 'amount' in data && 'currency' in data;
const unitOf = (data: unknown): string | null => (isMetric(data) ? data.unit : null);

function machineValues(data: unknown): readonly string[] {
  if (Array.isArray(data)) return data.flatMap((one: unknown) => machineValues(one));
  if (isMetric(data)) return [decimal(data.amount)];
  if (isPrice(data)) return data.amount === null ? [] : [`${decimal(data.amount)} ${data.currency}`];
  if (typeof data === 'object' && data !== null) return [JSON.stringify(data)];
  return [dayOnly(String(data))];
}

/** Date attributes come as midnight with an offset; the day is what was meant. */
const dayOnly = (text: string): string => /^(\d{4}-\d{2}-\d{2})T00:00:00[+-]\d{2}:\d{2}$/.exec(text)?.[1] ?? text;

/** Pictures in the order of the `media` setting, then by the attribute's own order. */
export function mediaOf(values: AkeneoValues, reading: ValueReading, alt: Localized, without: (code: string) => boolean = () => false): readonly MediaAsset[] {
  const patterns = reading.settings.attributes.media;
  const rank = (code: string): number => patterns.findIndex((pattern) => matches(pattern, code));
  const codes = Object.keys(values)
    .filter((code) => rank(code) >= 0 && isFile(code, reading) && !without(code))
    .sort((a, b) => rank(a) - rank(b) || orderOf(a, reading) - orderOf(b, reading) || (a < b ? -1 : 1));
  const files = codes.flatMap((code) => {
    const found = seen(values, code, reading);
    const data = (inLocale(found, reading.locales[0] ?? '') ?? found[0])?.data;
    return typeof data === 'string' && data !== '' ? [data] : [];
  });
  return [...new Set(files)].map((code, position) => ({ code, url: mediaPath(code), mimeType: mimeTypeOf(code), alt, position }));
}

const matches = (pattern: string, code: string): boolean => (pattern.endsWith('*') ? code.startsWith(pattern.slice(0, -1)) : code === pattern);

/** Akeneo keeps media behind its login: the gateway serves them under this path through `readMedia`. */
const mediaPath = (code: string): string => `/media/${code.split('/').map(encodeURIComponent).join('/')}`;

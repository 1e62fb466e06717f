import type { CallContext } from '../../domain/connector.ts';
import type { AkeneoClient } from './client.ts';
import { readAll } from './paging.ts';
import type { AkeneoAttributeRow, AkeneoFamilyVariantRow, AkeneoLabels, AkeneoOptionRow } from './wire.ts';

/** What the values of products are read with; kept for a minute, so once a pass in practice. */
export interface Structure {
  locales(call: CallContext): Promise<readonly string[]>;
  attributes(call: CallContext): Promise<ReadonlyMap<string, AkeneoAttributeRow>>;
  /** Option code -> labels. */
  options(attribute: string, call: CallContext): Promise<ReadonlyMap<string, AkeneoLabels>>;
  familyVariant(family: string, code: string, call: CallContext): Promise<AkeneoFamilyVariantRow>;
}

const FRESH_FOR_MS = 60_000;

export function structureOf(client: AkeneoClient): Structure {
  const held = new Map<string, { readonly untilMs: number; readonly value: Promise<unknown> }>();
  const keep = <T>(key: string, read: () => Promise<T>): Promise<T> => {
    const known = held.get(key);
    if (known !== undefined && client.clock.now() < known.untilMs) return known.value as Promise<T>;
    const value = read();
    held.set(key, { untilMs: client.clock.now() + FRESH_FOR_MS, value });
    value.catch(() => held.delete(key));
    return value;
  };
  const path = (...parts: string[]): string => parts.map(encodeURIComponent).join('/');
  return {
    locales: (call) => keep('locales', () => readLocales(client, call)),
    attributes: (call) =>
      keep('attributes', async () => byCode(await readAll<AkeneoAttributeRow>(client, { resource: 'attributes', query: {} }, call))),
    options: (attribute, call) =>
      keep(`options ${attribute}`, async () => {
        const rows = await readAll<AkeneoOptionRow>(client, { resource: path('attributes', attribute, 'options'), query: {} }, call);
        return new Map(rows.map((row) => [row.code, row.labels]));
      }),
    familyVariant: (family, code, call) =>
      keep(`variant ${family} ${code}`, async () =>
        (await client.read<AkeneoFamilyVariantRow>(`/api/rest/v1/${path('families', family, 'variants', code)}`, call)).value),
  };
}

async function readLocales(client: AkeneoClient, call: CallContext): Promise<readonly string[]> {
  const { locales, channel } = client.settings;
  if (locales !== undefined) return locales;
  return (await client.read<{ locales: readonly string[] }>(`/api/rest/v1/channels/${encodeURIComponent(channel)}`, call)).value.locales;
}

const byCode = <T extends { readonly code: string }>(rows: readonly T[]): ReadonlyMap<string, T> => new Map(rows.map((row) => [row.code, row]));

/** Attribute types whose values are option codes. */
export const isSelect = (type: string): boolean => type === 'pim_catalog_simpleselect' || type === 'pim_catalog_multiselect';

import type { CallContext } from '../../domain/connector.ts';
import type { OdooClient } from './client.ts';
import { isDenied, isUnknownModel } from './failures.ts';
import { ARCHIVED_TOO, readAll, type Domain } from './paging.ts';

/** Sale taxes and, since those often are of no use by themselves, what groups of them hold. */
export const SALE_TAXES: Domain = [['type_tax_use', 'in', ['sale', 'none']], ARCHIVED_TOO];

/** By id: the tax itself, or what a group of taxes holds. */
export type SaleTaxes = ReadonlyMap<number, readonly number[]>;

interface TaxPartsRow {
  readonly id: number;
  readonly amount_type: string;
  readonly children_tax_ids: readonly number[];
}

/** Null without the module `account`, and where the user may not read taxes. */
export async function readSaleTaxes(client: OdooClient, call: CallContext): Promise<SaleTaxes | null> {
  const rows = await whereReadable(() =>
    readAll<TaxPartsRow>(client, { model: 'account.tax', columns: ['amount_type', 'children_tax_ids'], domain: SALE_TAXES }, call));
  return rows === null ? null : new Map(rows.map(({ id, amount_type: kind, children_tax_ids: children }) => [id, kind === 'group' ? children : [id]]));
}

/** What a product is sold with; taxes of other companies, which only they may read, are not among those known. */
export const taxCodesOf = (ids: readonly number[], taxes: SaleTaxes | null): readonly string[] => [...new Set(ids.flatMap((id) => taxes?.get(id) ?? []))].map(String);

/** Null instead of a refusal that only says: not for this user, or not on this server. @throws Failure any other */
export async function whereReadable<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (isDenied(error) || isUnknownModel(error)) return null;
    throw error;
  }
}

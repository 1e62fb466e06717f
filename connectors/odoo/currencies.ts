import type { CallContext } from '../../domain/connector.ts';
import type { OdooClient } from './client.ts';
import { readByIds } from './paging.ts';
import type { OdooMany2One } from './wire.ts';

export type Currencies = ReadonlyMap<number, { readonly id: number; readonly name: string }>;

/** Currency id -> row whose `name` is the ISO code; inactive ones too. */
export function readCurrencies(client: OdooClient, values: readonly OdooMany2One[], call: CallContext): Promise<Currencies> {
  const ids = values.flatMap((value) => (value === false ? [] : [value[0]]));
  return readByIds(client, 'res.currency', ids, ['name'], call);
}

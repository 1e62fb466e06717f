import type { Sql } from '../../../platform/stores/sql.ts';
import { createCarrierBook, type CarrierBook } from '../codes/carriers.ts';
import { readMappingsOfKind } from '../codes/store.ts';

/** What this system's shipments call carriers, in our words, and where each shows a parcel. */
export const readCarrierMaps = async (sql: Sql, system: string): Promise<CarrierBook> => createCarrierBook(await readMappingsOfKind(sql, system, 'CARRIER'));

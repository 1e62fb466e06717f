import type { CustomerRecord } from '../../domain/customers.ts';
import type { Sql } from '../../platform/stores/sql.ts';
import { CUSTOMERS, customerOf, searchKey, type CustomerRow } from './tables.ts';

/** Records by number; a number nobody has is absent. */
export async function readCustomers(sql: Sql, numbers: readonly string[]): Promise<ReadonlyMap<string, CustomerRecord>> {
  const rows = await sql.query<CustomerRow>('select * from customer.customer where number = any($1)', [numbers]);
  return new Map(rows.map((row) => [row.number, customerOf(row)]));
}

/** Active customers with this e-mail, two at most: one is the answer, two are no answer. */
export async function findByEmail(sql: Sql, email: string): Promise<readonly CustomerRecord[]> {
  const rows = await sql.query<CustomerRow>('select * from customer.customer where email_key = $1 and active order by number limit 2', [searchKey(email)]);
  return rows.map(customerOf);
}

/** The first active persons of each company, by name. */
export async function readContacts(sql: Sql, companyNumbers: readonly string[], first: number): Promise<ReadonlyMap<string, readonly CustomerRecord[]>> {
  const rows = await sql.query<CustomerRow>(
    `select person.* from unnest($1::text[]) as company(number) cross join lateral (
       select * from customer.customer c where c.company_number = company.number and c.kind = 'PERSON' and c.active order by name_key, c.number limit $2
     ) person order by person.name_key, person.number`,
    [companyNumbers, first],
  );
  const contacts = new Map<string, CustomerRecord[]>(companyNumbers.map((number) => [number, []]));
  for (const row of rows) contacts.get(row.company_number!)!.push(customerOf(row));
  return contacts;
}

/** Where a page of the list starts: after this row. */
export interface ListPosition {
  readonly nameKey: string;
  readonly number: string;
}

export interface ListedCustomer {
  readonly record: CustomerRecord;
  readonly position: ListPosition;
}

const MATCHES = '($1::text is null or name_key like $1 or email_key like $1 or number_key like $1)';

/** Customers by name whose name, e-mail or number begins with the text; all of them for null. */
export async function listCustomers(
  sql: Sql,
  { search, after, limit }: { readonly search: string | null; readonly after: ListPosition | null; readonly limit: number },
): Promise<readonly ListedCustomer[]> {
  const rows = await sql.query<CustomerRow>(
    `select * from customer.customer where ${MATCHES} and ($2::text is null or (name_key, number) > ($2::text collate "C", $3::text collate "C"))
     order by name_key, number limit $4`,
    [prefixPattern(search), after?.nameKey ?? null, after?.number ?? null, limit],
  );
  return rows.map((row) => ({ record: customerOf(row), position: { nameKey: row.name_key, number: row.number } }));
}

export async function countCustomers(sql: Sql, search: string | null): Promise<number> {
  const [row] = await sql.query<{ count: string }>(`select count(*) as count from customer.customer where ${MATCHES}`, [prefixPattern(search)]);
  return Number(row!.count);
}

/** The text's own % and _ are letters, not wildcards. */
const prefixPattern = (search: string | null): string | null => (search === null ? null : `${searchKey(search).replace(/[\\%_]/g, '\\$&')}%`);

/** Whether every customer the source has was read once: before, "not found" means nothing. */
export async function isComplete(sql: Sql): Promise<boolean> {
  const rows = await sql.query('select from customer.feed where name = $1 and last_full_at is not null', [CUSTOMERS.feed]);
  return rows.length > 0;
}

import type { CustomerAddress, CustomerRecord } from '../../domain/customers.ts';
import { decimal } from '../../domain/decimal.ts';
import type { ExternalReference } from '../../domain/ids.ts';
import { instant } from '../../domain/time.ts';
import type { MirrorTable } from '../frame/mirror-table.ts';
import { CUSTOMER_SCHEMA } from './schema.sql.ts';

export interface CustomerRow {
  readonly number: string;
  readonly kind: CustomerRecord['kind'];
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly tax_id: string | null;
  readonly company_number: string | null;
  readonly price_list_code: string | null;
  /** The more particular first. */
  readonly group_codes: readonly string[];
  readonly payment_term_code: string | null;
  readonly credit_limit: string | null;
  readonly currency_code: string | null;
  readonly active: boolean;
  readonly addresses: readonly CustomerAddress[];
  readonly external_references: readonly ExternalReference[];
  readonly updated_at: string | null;
  readonly name_key: string;
  readonly email_key: string | null;
  readonly number_key: string;
}

export const CUSTOMERS = {
  schema: CUSTOMER_SCHEMA, name: 'customer', feed: 'customers', key: 'number',
  columns: {
    number: 'text collate "C"', kind: 'text', name: 'text', email: 'text', phone: 'text', tax_id: 'text', company_number: 'text collate "C"',
    price_list_code: 'text', group_codes: 'text[]', payment_term_code: 'text', credit_limit: 'numeric', currency_code: 'text', active: 'boolean', addresses: 'jsonb',
    external_references: 'jsonb', updated_at: 'timestamptz', name_key: 'text collate "C"', email_key: 'text collate "C"', number_key: 'text collate "C"',
  } satisfies { readonly [K in keyof CustomerRow]: string },
  quiet: ['updated_at'],
} as const satisfies MirrorTable;

/** How names, e-mails and numbers are compared: without case, surrounding space, or ways to write the same letter. */
export const searchKey = (text: string): string => text.normalize('NFKC').trim().toLowerCase();

export const customerRow = (record: CustomerRecord): CustomerRow => ({
  number: record.number, kind: record.kind, name: record.name, email: record.email, phone: record.phone, tax_id: record.taxId,
  company_number: record.companyNumber, price_list_code: record.priceListCode, group_codes: record.groupCodes ?? [], payment_term_code: record.paymentTermCode,
  credit_limit: record.creditLimit, currency_code: record.currencyCode, active: record.active, addresses: record.addresses,
  external_references: record.references, updated_at: record.updatedAt,
  name_key: searchKey(record.name), email_key: record.email === null ? null : searchKey(record.email), number_key: searchKey(record.number),
});

export const customerOf = (row: CustomerRow): CustomerRecord => ({
  number: row.number, kind: row.kind, name: row.name, email: row.email, phone: row.phone, taxId: row.tax_id,
  companyNumber: row.company_number, priceListCode: row.price_list_code, groupCodes: row.group_codes, paymentTermCode: row.payment_term_code,
  creditLimit: row.credit_limit === null ? null : decimal(row.credit_limit), currencyCode: row.currency_code, active: row.active,
  addresses: row.addresses, updatedAt: row.updated_at === null ? null : instant(row.updated_at), references: row.external_references,
});

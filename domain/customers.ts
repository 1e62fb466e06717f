import type { Decimal } from './decimal.ts';
import type { ExternalReference } from './ids.ts';
import type { CurrencyCode } from './money.ts';
import type { Instant } from './time.ts';

export interface PostalAddress {
  readonly name: string | null;
  readonly company: string | null;
  readonly line1: string;
  readonly line2: string | null;
  readonly city: string;
  readonly region: string | null;
  readonly postalCode: string | null;
  /** ISO 3166-1 alpha-2. */
  readonly countryCode: string;
  readonly phone: string | null;
}

export interface CustomerAddress {
  readonly reference: string;
  readonly kind: 'MAIN' | 'DELIVERY' | 'INVOICE' | 'OTHER';
  readonly address: PostalAddress;
}

export interface CustomerRecord {
  /** The ERP's customer number; unique here even where the ERP does not promise it. */
  readonly number: string;
  readonly kind: 'PERSON' | 'COMPANY';
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly taxId: string | null;
  /** Customer number of the company a person buys for. */
  readonly companyNumber: string | null;
  readonly priceListCode: string | null;
  /** Customer groups that may have price lists of their own, the more particular first; absent: none. */
  readonly groupCodes?: readonly string[];
  readonly paymentTermCode: string | null;
  readonly creditLimit: Decimal | null;
  readonly currencyCode: CurrencyCode | null;
  readonly active: boolean;
  readonly addresses: readonly CustomerAddress[];
  readonly updatedAt: Instant | null;
  readonly references: readonly ExternalReference[];
}

/** What an order needs to exist in the ERP before it can be created there. */
export interface NewCustomer {
  /** Our reference; looked up before anything is created. */
  readonly reference: string;
  readonly kind: 'PERSON' | 'COMPANY';
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly address: PostalAddress | null;
}

import type { Decimal } from '../../../domain/decimal.ts';
import type { Money } from '../../../domain/money.ts';
import type { PaymentKind } from '../../../domain/orders.ts';
import type { CalendarDate, Instant } from '../../../domain/time.ts';
import type { Contact } from '../records.ts';
import type { AddressText } from './address-validation.ts';
import type { ExpectedTotals } from './placement.ts';

type Given<T> = T | null | undefined;

/** Requests as they come in: nothing in them is trusted. */

export interface TaxText {
  readonly code: string;
  readonly ratePercent?: Given<Decimal>;
  readonly amount: Money;
}

export interface LineText {
  readonly sku: string;
  readonly quantity: Decimal;
  readonly unit?: Given<string>;
  readonly expectedUnitPrice?: Given<Money>;
  readonly discount?: Given<Money>;
  readonly taxes?: Given<readonly TaxText[]>;
  readonly shipTo?: Given<AddressText>;
  readonly requestedDate?: Given<CalendarDate>;
}

export interface DiscountText {
  readonly code: string;
  readonly description?: Given<string>;
  /** What is let off: not negative. */
  readonly amount: Money;
}

export interface ChargeText extends DiscountText {
  readonly kind: 'SHIPPING' | 'HANDLING' | 'SURCHARGE';
  readonly taxes?: Given<readonly TaxText[]>;
}

export interface PaymentText {
  readonly methodCode: string;
  readonly kind: PaymentKind;
  readonly amount?: Given<Money>;
  readonly reference?: Given<string>;
}

export interface PlacementText {
  readonly idempotencyKey: string;
  readonly externalOrderId?: Given<string>;
  readonly customerNumber?: Given<string>;
  readonly currencyCode?: Given<string>;
  readonly exchangeRate?: Given<{ readonly baseCurrencyCode: string; readonly rate: Decimal; readonly asOf: Instant }>;
  readonly contact?: Given<{ readonly [K in keyof Contact]?: Given<string> }>;
  readonly lines: readonly LineText[];
  readonly charges?: Given<readonly ChargeText[]>;
  readonly discounts?: Given<readonly DiscountText[]>;
  readonly taxIncluded?: Given<boolean>;
  readonly payments?: Given<readonly PaymentText[]>;
  readonly expectedTotals?: Given<{ readonly [K in keyof ExpectedTotals]?: Given<Money> }>;
  readonly shipTo?: Given<AddressText>;
  readonly billTo?: Given<AddressText>;
  readonly carrierCode?: Given<string>;
  readonly requestedDate?: Given<CalendarDate>;
  readonly note?: Given<string>;
  readonly holdId?: Given<string>;
  readonly paymentReference?: Given<string>;
  readonly quoteToken?: Given<string>;
}

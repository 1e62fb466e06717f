import type { Decimal } from '../../../domain/decimal.ts';
import type { DatedQuantity, StockLevel } from '../../../domain/inventory.ts';
import type { CalendarDate } from '../../../domain/time.ts';

export type OverdueReceiptPolicy = { readonly kind: 'DROP' } | { readonly kind: 'PUSH'; readonly days: number };

export interface AtpPolicy {
  /** Days after today that are looked at: at most 730. */
  readonly horizonDays: number;
  readonly safetyStock: Decimal;
  /** Receipts due before today: not believed, or expected so many days from today. */
  readonly overdueReceipts: OverdueReceiptPolicy;
}

/** One SKU at one location. */
export interface SupplyPosition {
  readonly level: Pick<StockLevel, 'quantityBasis' | 'onHand' | 'allocated' | 'unsellable'>;
  /** Undated active holds and orders the ERP's figures do not contain yet. */
  readonly held: Decimal;
  readonly receipts: readonly DatedQuantity[];
  readonly issues: readonly DatedQuantity[];
}

/** ATP as steps: `quantity` holds from `date` until the next step. Starts today, rises strictly, is known through `endsOn`. */
export interface AtpCurve {
  readonly steps: readonly DatedQuantity[];
  readonly endsOn: CalendarDate;
}

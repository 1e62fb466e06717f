import { decimal, ONE, ZERO, type Decimal } from '../../../domain/decimal.ts';
import type { ChannelCode } from '../../../domain/ids.ts';
import type { SilencePolicy } from '../../../domain/inventory.ts';
import type { AtpPolicy } from './availability.ts';

/** The merchant's choices. Every one has a cautious default. */
export interface InventoryPolicy {
  readonly atp: AtpPolicy;
  /** At or below this many sellable units the status is LOW_STOCK. */
  readonly lowStockThreshold: Decimal;
  /** The largest quantity shown to callers without `availability:exact`. */
  readonly quantityCap: Decimal;
  /** What a channel does when the live check is silent. */
  readonly silencePolicyOf: (channel: ChannelCode | null) => SilencePolicy;
  /** Kept back from the last known figure under LEDGER_WITH_SAFETY. */
  readonly safetyWhenSilent: Decimal;
}

export const DEFAULT_POLICY: InventoryPolicy = {
  atp: { horizonDays: 90, safetyStock: ZERO, overdueReceipts: { kind: 'DROP' } },
  lowStockThreshold: decimal('5'),
  quantityCap: decimal('10'),
  silencePolicyOf: () => 'REFUSE',
  safetyWhenSilent: ONE,
};

import { decimal } from '../../domain/decimal.ts';
import type { DatedQuantity } from '../../domain/inventory.ts';
import { calendarDate } from '../../domain/time.ts';
import type { AtpPolicy } from '../../subgraphs/inventory/promise/availability.ts';
import type { Projectable } from '../../subgraphs/inventory/promise/projection.ts';
import type { OraclePolicy, OracleSupply } from './brute-force-atp.ts';

const dated = (entries: OracleSupply['receipts']): DatedQuantity[] => entries.map(({ date, quantity }) => ({ date: calendarDate(date), quantity: decimal(quantity) }));

/** The oracle's input in the words of the code it judges. */
export const positionOf = (supply: OracleSupply): Projectable => ({
  level: { quantityBasis: supply.quantityBasis, onHand: decimal(supply.onHand), allocated: decimal(supply.allocated), unsellable: decimal(supply.unsellable) },
  held: decimal(supply.held),
  receipts: dated(supply.receipts),
  issues: [...dated(supply.issues), ...dated(supply.datedHolds)],
  heldDated: dated(supply.datedHolds),
});

export const policyOf = ({ horizonDays, safetyStock, overdueReceipts }: OraclePolicy): AtpPolicy => ({
  horizonDays, safetyStock: decimal(safetyStock), overdueReceipts,
});

import { LANES, type ReturnCase } from './records.ts';
import { GraphReturnWarningCode, type GraphReturnWarning } from './types-payload.ts';

/** Follows from the return alone, so that a repeated request is warned of the same. */
export function warningsOf({ rma, refunds, work }: ReturnCase): GraphReturnWarning[] {
  const warnings: GraphReturnWarning[] = LANES.flatMap((lane) =>
    (work[lane].state === 'UNSUPPORTED' ? [{ code: GraphReturnWarningCode.BY_HAND, message: work[lane].attention ?? 'somebody does it in the ERP' }] : []));
  if (rma.decision === 'CANCELLED' && rma.exchangeOrderId !== null) {
    warnings.push({ code: GraphReturnWarningCode.EXCHANGE_ORDERED, message: 'the replacement is ordered already; cancel that order too if it is not wanted' });
  }
  if (refunds.some(({ net, total }) => net === null && total === null)) {
    warnings.push({ code: GraphReturnWarningCode.AMOUNT_UNKNOWN, message: 'the ERP alone knows the prices of this order: its credit memo cannot be compared' });
  }
  return warnings;
}

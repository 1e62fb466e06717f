import { projectAtp, type AtpCurve } from '../promise/availability.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { CalendarDate } from '../../../domain/time.ts';
import { compareOn, netOfLedger, type NativeDifference } from '../promise/native-cap.ts';
import type { Supply } from '../promise/plan.ts';
import { itemPolicyOf, type InventoryPolicy } from '../promise/policy.ts';
import type { LocationPosition, StockPosition } from '../promise/position.ts';
import type { LiveAnswer } from './live-read.ts';
import type { NativeAnswer } from './native-atp.ts';

/* What the ERP said, put into the supply a basket is judged by. Pure. */

/** What is really stocked of a SKU: a kit's components, anything else itself. */
export const stockedSkus = ({ sku, components }: Pick<StockPosition, 'sku' | 'components'>): readonly Sku[] =>
  components.length === 0 ? [sku] : components.map((component) => component.sku);

/** A SKU the ERP says it does not know is nobody's, whatever its item list said before. */
export function withoutUnknown(supply: Supply, live: ReadonlyMap<Sku, LiveAnswer>): Supply {
  const positions = new Map(supply.positions);
  for (const [sku, answer] of live) {
    const position = positions.get(sku);
    if (position && answer.kind === 'UNKNOWN') positions.set(sku, { ...position, item: null });
  }
  return { ...supply, positions };
}

export interface NativeFindings {
  readonly supply: Supply;
  readonly compared: readonly NativeDifference[];
  /** Whom the ERP answered nothing of. */
  readonly silent: readonly Sku[];
}

export interface AskedDay {
  readonly today: CalendarDate;
  /** The day the goods are wanted. */
  readonly on: CalendarDate;
}

/** The supply limited to what the ERP would promise itself, less what only we know of; and how both stand to each other on the day asked for. */
export function limitByNative(supply: Supply, native: ReadonlyMap<Sku, NativeAnswer>, asked: AskedDay, policy: InventoryPolicy): NativeFindings {
  const positions = new Map(supply.positions);
  const compared: NativeDifference[] = [];
  const silent: Sku[] = [];
  for (const [sku, answer] of native) {
    const position = positions.get(sku);
    if (answer.kind === 'SILENT') silent.push(sku);
    if (!position || answer.kind === 'SILENT') continue;
    const locations = position.locations.map((location) => {
      const series = answer.byLocation.get(location.locationCode);
      const atMost = series && netOfLedger(series, { held: location.held, heldDated: location.heldDated ?? [] }, asked.today);
      if (!atMost) return location;
      compared.push(...differencesOf(sku, location, atMost, asked, policy));
      return { ...location, atMost };
    });
    positions.set(sku, { ...position, locations });
  }
  return { supply: { ...supply, positions }, compared, silent };
}

function differencesOf(sku: Sku, location: LocationPosition, native: AtpCurve, { today, on }: AskedDay, policy: InventoryPolicy): readonly NativeDifference[] {
  const ours = projectAtp(location, today, itemPolicyOf(policy, sku).atp);
  const difference = compareOn(sku, location.locationCode, on, ours, native);
  return difference ? [difference] : [];
}

import type { ShipmentChanged } from '../../../domain/events.ts';
import type { ChannelCode } from '../../../domain/ids.ts';
import type { ShipmentState } from '../../../domain/shipments.ts';
import type { RelayedEvent } from '../../../platform/outbox.ts';

/** Channels whose customers hear of a shipment only once its carrier has it. */
export type AfterPickup = readonly ChannelCode[];

const asksForPickup = (channel: ChannelCode | null | undefined, afterPickup: AfterPickup): boolean => channel != null && afterPickup.includes(channel);

/** Whether the customer may hear of the shipment as it is now. */
export const mayBeTold = (channel: ChannelCode | null, { state, moved }: { readonly state: ShipmentState; readonly moved: boolean }, afterPickup: AfterPickup): boolean =>
  moved || (state === 'SHIPPED' && !asksForPickup(channel, afterPickup));

/** The same of an event; FIRST of exactly one of each shipment, whatever comes after. */
function tellabilityOf({ channel, left = 'NO', moved = 'NO' }: Pick<ShipmentChanged, 'channel' | 'left' | 'moved'>, afterPickup: AfterPickup): 'NO' | 'FIRST' | 'YES' {
  const words = asksForPickup(channel, afterPickup) ? [moved] : [left, moved];
  if (words.every((word) => word === 'NO')) return 'NO';
  return words.includes('BEFORE') ? 'YES' : 'FIRST';
}

/** Adds to a shipment's event, as it leaves, what the channel's rule makes of it. */
export const presentOrderEvent = (afterPickup: AfterPickup) => (event: RelayedEvent): unknown => {
  const change = event as RelayedEvent & Partial<ShipmentChanged>;
  return change.type === 'shipment.changed' ? { ...change, tellable: tellabilityOf(change as ShipmentChanged, afterPickup) } : event;
};

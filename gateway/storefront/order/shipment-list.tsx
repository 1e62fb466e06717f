import type { ShipmentView } from '../graph/types.ts';
import { formatInstant, formatQuantity } from '../shell/formats.ts';
import { Badge } from '../shell/notice.tsx';
import { useShop } from '../shell/shop.ts';

interface ShipmentListProps {
  readonly shipments: readonly ShipmentView[];
  /** Pushed while the page was open: shown with a mark. */
  readonly fresh: ReadonlySet<string>;
}

export function ShipmentList({ shipments, fresh }: ShipmentListProps) {
  const { words } = useShop();
  return (
    <section class="shipments">
      <h2>{words.shipments}</h2>
      {shipments.length === 0 && <p class="muted">{words.noShipments}</p>}
      {shipments.map((shipment) => <Shipment key={`${shipment.id} ${shipment.state}`} shipment={shipment} fresh={fresh.has(shipment.id)} />)}
    </section>
  );
}

function Shipment({ shipment, fresh }: { readonly shipment: ShipmentView; readonly fresh: boolean }) {
  const { words, languageTag, textProps } = useShop();
  const { number, state, carrier, shippedAt, packages, lines } = shipment;
  return (
    <article class={fresh ? 'shipment shipment-fresh' : 'shipment'}>
      <div class="shipment-head">
        <h3>{words.shipment(number)}</h3>
        <Badge tone={state === 'SHIPPED' ? 'good' : 'calm'}>{words.shipmentStates[state]}</Badge>
      </div>
      <p class="muted">{[carrier && `${words.carrier}: ${carrier}`, shippedAt && formatInstant(shippedAt, languageTag)].filter(Boolean).join(' · ')}</p>
      {packages.length > 0 && <p>{words.tracking}: {packages.map((one, index) => <span key={one.trackingNumber}>{index > 0 && ', '}<TrackingLink {...one} /></span>)}</p>}
      <ul>{lines.map(({ sku, quantity, variant }) => <li key={sku} {...textProps}>{`${formatQuantity(quantity, languageTag)} × ${variant.name ?? sku}`}</li>)}</ul>
    </article>
  );
}

/** Only web addresses become links: the ERP's text is not trusted to be one. */
function TrackingLink({ trackingNumber, trackingUrl }: ShipmentView['packages'][number]) {
  return trackingUrl !== null && /^https?:\/\//i.test(trackingUrl) ? <a href={trackingUrl} target="_blank" rel="noreferrer">{trackingNumber}</a> : <code>{trackingNumber}</code>;
}

import type { OrderState } from '../../../domain/orders.ts';
import type { OrderView } from '../graph/types.ts';
import { formatInstant, formatMoney, formatQuantity } from '../shell/formats.ts';
import { ConnectionMark } from '../shell/freshness-line.tsx';
import { Badge, EmptyNotice, FailureNotice, type Tone } from '../shell/notice.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { PromotionList } from '../shell/promotion-list.tsx';
import { links } from '../shell/route.ts';
import { useShop } from '../shell/shop.ts';
import { Totals } from '../shell/totals.tsx';
import { ShipmentList } from './shipment-list.tsx';
import { Timeline } from './timeline.tsx';
import { useOrderUpdates } from './use-order-updates.ts';

const TONES: Readonly<Record<OrderState, Tone>> = { RECEIVED: 'calm', ACCEPTED_BY_ERP: 'good', PARTIALLY_SHIPPED: 'good', SHIPPED: 'good', DELIVERED: 'good', CANCELLED: 'bad', NEEDS_ATTENTION: 'warn' };

/** One order: how far it has come, what has left the house, live. */
export function OrderPage({ id }: { readonly id: string }) {
  const { words } = useShop();
  const { order, failure, reload, fresh } = useOrderUpdates(id);
  if (order === undefined) return failure ? <FailureNotice failure={failure} onRetry={reload} /> : <div class="skeleton skeleton-page" aria-hidden="true" />;
  if (order === null) return <EmptyNotice title={words.noOrder} link={links.home} linkText={words.toProducts} />;
  return (
    <div class="order">
      <OrderHead order={order} />
      <div class="order-main">
        <ShipmentList shipments={order.shipments} fresh={fresh} />
        {order.state !== 'SHIPPED' && order.state !== 'DELIVERED' && order.state !== 'CANCELLED' && <SandboxNote number={order.number} />}
        <OrderLines order={order} />
      </div>
      <aside class="order-side">
        <Timeline entries={order.timeline} />
        <ShipTo address={order.shipTo} />
      </aside>
    </div>
  );
}

function OrderHead({ order }: { readonly order: OrderView }) {
  const { words, languageTag } = useShop();
  return (
    <header class="order-head">
      <div class="order-title"><PageTitle text={words.order(order.number)} /><Badge tone={TONES[order.state]}>{words.states[order.state]}</Badge></div>
      <p class="muted">
        {words.orderDate} {formatInstant(order.placedAt, languageTag)}
        {order.erpOrder && <> · {words.erpNumber} <strong>{order.erpOrder.number}</strong></>}
      </p>
      <ConnectionMark />
    </header>
  );
}

function SandboxNote({ number }: { readonly number: string }) {
  const { words } = useShop();
  return <aside class="sandbox-note"><p>{words.sandboxNote}</p><code>{`npm run sandbox -- ship ${number}`}</code></aside>;
}

function OrderLines({ order }: { readonly order: OrderView }) {
  const { words, languageTag, textProps } = useShop();
  return (
    <section>
      <h2>{words.items}</h2>
      <ul class="order-lines">
        {order.lines.map(({ lineNumber, sku, quantity, shippedQuantity, lineTotal, promotions, variant }) => (
          <li key={lineNumber}>
            <div>
              {variant.product ? <a href={links.product(variant.product.handle, sku)} {...textProps}>{variant.product.name}</a> : <span {...textProps}>{variant.name ?? sku}</span>}
              <span class="muted"> {sku}</span>
              <PromotionList promotions={promotions} />
            </div>
            <span class="muted">{words.shippedOf(formatQuantity(shippedQuantity, languageTag), formatQuantity(quantity, languageTag))}</span>
            <span>{lineTotal && formatMoney(lineTotal, languageTag)}</span>
          </li>
        ))}
      </ul>
      {order.total && <Totals subtotal={order.totals?.subtotal} discount={order.totals?.discount} total={order.total} />}
    </section>
  );
}

function ShipTo({ address }: { readonly address: OrderView['shipTo'] }) {
  const { words } = useShop();
  if (!address) return null;
  const place = [address.postalCode, address.city, address.region].filter(Boolean).join(' ');
  return (
    <section>
      <h2>{words.shippedTo}</h2>
      <address>{[address.name, address.line1, address.line2, place, address.countryCode].filter(Boolean).map((line, index) => <span key={index}>{line}</span>)}</address>
    </section>
  );
}

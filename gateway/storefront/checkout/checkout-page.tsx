import { useEffect, useState } from 'preact/hooks';
import { useBasket, type BasketLine } from '../basket/basket.ts';
import { useBasketQuote } from '../basket/use-basket-quote.ts';
import { formatMoney } from '../shell/formats.ts';
import { EmptyNotice, FailureNotice } from '../shell/notice.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { links } from '../shell/route.ts';
import { useShop } from '../shell/shop.ts';
import { stored } from '../shell/stored.ts';
import { partOf, type FormValues } from './form-fields.ts';
import { HoldBanner } from './hold-banner.tsx';
import type { OrderDraft } from './order-attempt.ts';
import { OrderForm } from './order-form.tsx';
import { OrderSummary } from './order-summary.tsx';
import { Refusals } from './refusals.tsx';
import { useHold, type HeldStock } from './use-hold.ts';
import { useOrder, type OrderPlacing } from './use-order.ts';

/** What was typed, as long as the tab lives. */
const typed = stored<FormValues>('sessionStorage', 'shop.checkout');

/** Contact, address, one button: the stock is held meanwhile. */
export function CheckoutPage() {
  const { words } = useShop();
  const { lines } = useBasket();
  const order = useOrder();
  const hold = useHold(lines, { paused: order.unknown !== null, promised: order.busy || order.unknown !== null });
  if (order.unknown) return <UnknownOutcome order={order} />;
  if (lines.length === 0 && order.busy) return null;
  if (lines.length === 0) return <EmptyNotice title={words.basketEmpty} link={links.home} linkText={words.toProducts} />;
  return <Checkout lines={lines} order={order} hold={hold} />;
}

interface CheckoutProps {
  readonly lines: readonly BasketLine[];
  readonly order: OrderPlacing;
  readonly hold: HeldStock;
}

function Checkout({ lines, order, hold }: CheckoutProps) {
  const { words, languageTag } = useShop();
  const basket = useBasketQuote(lines);
  const { total, token } = basket.quote ?? { total: null, token: null };
  const [values, setValues] = useState<FormValues>(() => typed.read() ?? {});
  useEffect(() => {
    if (order.quoteEnded) basket.reload();
  }, [order.errors]);
  const change = (path: string, value: string): void => {
    const next = { ...values, [path]: value };
    setValues(next);
    typed.write(next);
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    if (token !== null) order.place(draftOf(lines, token, values, hold));
  };
  const asked = order.priceChanges.length > 0 && total !== null ? words.acceptAndOrder(formatMoney(total, languageTag)) : words.placeOrder;
  return (
    <form class="checkout" onSubmit={submit} noValidate>
      <PageTitle text={words.checkout} />
      <div class="checkout-form">
        <HoldBanner hold={hold} />
        <OrderForm values={values} errors={order.errors} disabled={order.busy} onChange={change} />
      </div>
      <aside class="checkout-side">
        <OrderSummary basket={basket} />
        {(basket.failure ?? order.failure) && <FailureNotice failure={(basket.failure ?? order.failure)!} onRetry={basket.reload} />}
        <Refusals order={order} basket={basket} onHoldAgain={hold.holdAgain} />
        <button type="submit" class="button button-main button-wide" disabled={order.busy || token === null || hold.state.kind !== 'HELD'}>{order.busy ? words.placing : asked}</button>
        <p class="muted small">{words.demoPayment}</p>
      </aside>
    </form>
  );
}

function draftOf(lines: readonly BasketLine[], quoteToken: string, values: FormValues, hold: HeldStock): OrderDraft {
  const contact = partOf(values, 'contact');
  return {
    lines: lines.map(({ sku, quantity }) => ({ sku, quantity })),
    quoteToken,
    contact,
    shipTo: { ...partOf(values, 'shipTo'), name: contact['name'] ?? null },
    note: values['note']?.trim() || null,
    holdId: hold.state.kind === 'HELD' ? hold.state.id : null,
  };
}

/** The order went out and nothing came back: only the same order can be asked about. */
function UnknownOutcome({ order }: { readonly order: OrderPlacing }) {
  const { words } = useShop();
  return (
    <div class="empty" role="alert">
      <PageTitle text={words.unknownOutcome} />
      <p>{words.unknownHint}</p>
      <button type="button" class="button button-main" disabled={order.busy} onClick={order.askAgain}>{order.busy ? words.placing : words.askAgain}</button>
    </div>
  );
}

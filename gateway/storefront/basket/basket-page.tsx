import type { QuoteView } from '../graph/offer-views.ts';
import { EmptyNotice, FailureNotice } from '../shell/notice.tsx';
import { FreshnessLine } from '../shell/freshness-line.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { links } from '../shell/route.ts';
import { useShop } from '../shell/shop.ts';
import { Totals } from '../shell/totals.tsx';
import { useBasket } from './basket.ts';
import { BasketRow } from './basket-row.tsx';
import { isOrderable, useBasketCheck } from './use-basket-check.ts';
import { useBasketQuote } from './use-basket-quote.ts';

/** The basket, priced as a whole and checked with the ERP line by line before anybody types an address. */
export function BasketPage() {
  const { words } = useShop();
  const { lines } = useBasket();
  const basket = useBasketQuote(lines);
  const check = useBasketCheck(lines);
  if (lines.length === 0) return <EmptyNotice title={words.basketEmpty} link={links.home} linkText={words.toProducts} />;
  const { quote } = basket;
  const failure = basket.failure ?? check.failure;
  const answered = check.settled && quote !== null;
  const orderable = answered && quote.token !== null && lines.every(({ sku }) => isReady(check.outcomeOf(sku)));
  const retry = (): void => {
    basket.reload();
    check.reload();
  };
  return (
    <div class="basket">
      <PageTitle text={words.basket} />
      {failure && <FailureNotice failure={failure} onRetry={retry} />}
      <ul class="lines">
        {basket.lines.map((line) => <BasketRow key={line.sku} line={line} checked={check.settled ? check.outcomeOf(line.sku) : null} outdated={quote === null} />)}
      </ul>
      <footer class="basket-foot">
        <button type="button" class="link" disabled={!answered} onClick={retry}>{words.recheck}</button>
        <Totals subtotal={quote?.subtotal} discount={quote?.discount} total={quote?.total} />
        {orderable
          ? <a class="button button-main" href={links.checkout}>{words.toCheckout}</a>
          : <button type="button" class="button button-main" disabled>{answered || failure ? words.toCheckout : words.checking}</button>}
        {answered && !orderable && <p class="error" role="status">{isMixed(quote) ? words.severalCurrencies : words.blocked}</p>}
      </footer>
      {quote?.freshness === 'STALE' && <FreshnessLine {...quote} />}
    </div>
  );
}

/** Every line has a price, and yet there is no sum. */
const isMixed = ({ total, lines }: QuoteView): boolean => total === null && lines.every(({ reason }) => reason === null);

const isReady = (checked: ReturnType<ReturnType<typeof useBasketCheck>['outcomeOf']>): boolean => checked !== null && isOrderable(checked.outcome);

import type { Money } from '../../../domain/money.ts';
import { formatMoney, sumMoney } from '../shell/formats.ts';
import { EmptyNotice, FailureNotice } from '../shell/notice.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { links } from '../shell/route.ts';
import { useShop } from '../shell/shop.ts';
import { useBasket } from './basket.ts';
import { BasketRow } from './basket-row.tsx';
import { isOrderable, useBasketCheck } from './use-basket-check.ts';
import { useBasketVariants, type PricedLine } from './use-basket-variants.ts';

/** The basket, checked with the ERP line by line before anybody types an address. */
export function BasketPage() {
  const { words } = useShop();
  const { lines } = useBasket();
  const priced = useBasketVariants(lines);
  const check = useBasketCheck(lines);
  if (lines.length === 0) return <EmptyNotice title={words.basketEmpty} link={links.home} linkText={words.toProducts} />;
  const failure = priced.failure ?? check.failure;
  const orderable = check.settled && priced.complete && lines.every(({ sku }) => isReady(check.outcomeOf(sku), priced.lines.find((line) => line.sku === sku)));
  const retry = (): void => {
    priced.reload();
    check.reload();
  };
  return (
    <div class="basket">
      <PageTitle text={words.basket} />
      {failure && <FailureNotice failure={failure} onRetry={retry} />}
      <ul class="lines">
        {priced.lines.map((line) => <BasketRow key={line.sku} line={line} checked={check.settled ? check.outcomeOf(line.sku) : null} />)}
      </ul>
      <footer class="basket-foot">
        <button type="button" class="link" disabled={!check.settled} onClick={retry}>{words.recheck}</button>
        <p class="basket-total">{words.total} <strong><Total lines={priced.lines} complete={priced.complete} /></strong></p>
        {orderable
          ? <a class="button button-main" href={links.checkout}>{words.toCheckout}</a>
          : <button type="button" class="button button-main" disabled>{check.settled || failure ? words.toCheckout : words.checking}</button>}
        {check.settled && priced.complete && !orderable && <p class="error" role="status">{words.blocked}</p>}
      </footer>
    </div>
  );
}

const isReady = (checked: ReturnType<ReturnType<typeof useBasketCheck>['outcomeOf']>, line: PricedLine | undefined): boolean =>
  checked !== null && isOrderable(checked.outcome) && line?.variant?.price != null;

/** Sum of the line totals the graph gave; nothing is priced here. */
export function Total({ lines, complete }: { readonly lines: readonly PricedLine[]; readonly complete: boolean }) {
  const { languageTag } = useShop();
  const totals = lines.flatMap(({ variant }): Money[] => (variant?.price ? [variant.price.lineTotal] : []));
  const sum = complete && totals.length === lines.length ? sumMoney(totals) : null;
  return <>{sum ? formatMoney(sum, languageTag) : '…'}</>;
}

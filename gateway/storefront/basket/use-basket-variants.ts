import { useEffect, useState } from 'preact/hooks';
import type { RequestFailure } from '../graph/client.ts';
import { BASKET_LINE } from '../graph/operations.ts';
import type { BasketVariant } from '../graph/types.ts';
import { useShop } from '../shell/shop.ts';
import type { BasketLine } from './basket.ts';

export interface PricedLine extends BasketLine {
  /** Undefined until the answer; null when the SKU has left the catalogue. */
  readonly variant: BasketVariant | null | undefined;
}

export interface PricedBasket {
  readonly lines: readonly PricedLine[];
  readonly failure: RequestFailure | null;
  /** Every line has been answered. */
  readonly complete: boolean;
  readonly reload: () => void;
}

/** What stands in the basket, each line priced at its own quantity. */
export function useBasketVariants(lines: readonly BasketLine[]): PricedBasket {
  const { client } = useShop();
  const [round, setRound] = useState(0);
  const [failure, setFailure] = useState<RequestFailure | null>(null);
  const [known, setKnown] = useState<ReadonlyMap<string, { readonly quantity: string; readonly variant: BasketVariant | null }>>(new Map());
  const key = JSON.stringify(lines);
  useEffect(() => {
    const leaving = new AbortController();
    const ask = async ({ sku, quantity }: BasketLine) => {
      const { data } = await client.request(BASKET_LINE, { sku, quantity }, leaving.signal);
      return [sku, { quantity, variant: data.productVariant }] as const;
    };
    Promise.all(lines.map(ask)).then(
      (answers) => {
        if (leaving.signal.aborted) return;
        setKnown(new Map(answers));
        setFailure(null);
      },
      (reason: RequestFailure) => !leaving.signal.aborted && setFailure(reason),
    );
    return () => leaving.abort();
  }, [client, key, round]);
  return {
    lines: lines.map((line) => ({ ...line, variant: known.get(line.sku)?.variant })),
    failure,
    complete: lines.every(({ sku, quantity }) => known.get(sku)?.quantity === quantity),
    reload: () => setRound((current) => current + 1),
  };
}

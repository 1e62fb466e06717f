import { useEffect, useState } from 'preact/hooks';
import { BASKET_CHECK } from '../graph/operations.ts';
import { useQuery, type QueryState } from '../graph/use-query.ts';
import type { CheckedLineView, OutcomeView } from '../graph/types.ts';
import type { BasketLine } from './basket.ts';

const PAUSE_MS = 400;

export interface BasketCheck extends Pick<QueryState<unknown>, 'failure' | 'reload'> {
  /** Nothing changed since it was asked, and the answer is there. */
  readonly settled: boolean;
  readonly outcomeOf: (sku: string) => CheckedLineView | null;
}

/** Asks the ERP whether the basket can be had; again whenever it changes. */
export function useBasketCheck(lines: readonly BasketLine[]): BasketCheck {
  const key = JSON.stringify(lines);
  const [asked, setAsked] = useState({ key, lines });
  useEffect(() => {
    if (asked.key === key) return;
    const pause = setTimeout(() => setAsked({ key, lines }), PAUSE_MS);
    return () => clearTimeout(pause);
  }, [key]);
  const { data, failure, loading, reload } = useQuery(BASKET_CHECK, asked.lines.length > 0 ? { lines: asked.lines, holdId: null } : null);
  const checked = data?.checkAvailability.lines ?? [];
  return { failure, reload, settled: !loading && asked.key === key && failure === null && data !== null, outcomeOf: (sku) => checked.find((line) => line.sku === sku) ?? null };
}

/** Whether a line in this state may go to the checkout. */
export const isOrderable = (outcome: OutcomeView): boolean => outcome.__typename === 'AvailabilityConfirmed' || (outcome.__typename === 'AvailabilityUnverified' && outcome.accepted);

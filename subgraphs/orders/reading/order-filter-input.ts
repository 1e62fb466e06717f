import { invalidInput } from '../../../domain/failure.ts';
import type { OrderState } from '../../../domain/orders.ts';
import type { OrderFilterInput } from '../types-input.ts';
import { EVERY_ORDER, type OrderFilter } from './order-filter.ts';

const LONGEST_SEARCH = 200;

const isAskable = (text: string): boolean => text.length <= LONGEST_SEARCH && !/\p{Cc}/u.test(text) && text.isWellFormed();

/**
 * The filter as the store takes it.
 * @throws Failure INVALID_INPUT for both `state` and `states`, and for text nobody could mean.
 */
export function orderFilterOf(input: OrderFilterInput | null | undefined): OrderFilter {
  const { state, states, search, ...rest } = input ?? {};
  if (state != null && states != null) throw invalidInput(['filter', 'states'], 'give state or states, not both');
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value != null));
  for (const [name, value] of Object.entries({ ...given, search })) {
    if (typeof value === 'string' && !isAskable(value)) throw invalidInput(['filter', name], `${name} has at most ${LONGEST_SEARCH} characters, and no control characters`);
  }
  const text = search?.trim() ?? '';
  return { ...EVERY_ORDER, ...given, states: (state == null ? states : [state]) as readonly OrderState[] | null ?? null, search: text === '' ? null : text };
}

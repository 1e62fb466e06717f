import { ZERO } from '../../../domain/decimal.ts';
import type { QuoteTools } from '../quotes/quote-lines.ts';
import { validateLines } from './validate-lines.ts';
import type { ValidationTools } from './validate-prices.ts';

/** What quotes at checkout ask the source, by the setting CHECKOUT_PRICE_CHECK; nothing where that is off. */
export function checkErpPrices(tools: ValidationTools): Pick<QuoteTools, 'checkErpPrices'> {
  const { checkoutPriceCheck } = tools.settings;
  if (checkoutPriceCheck === 'off') return {};
  return {
    checkErpPrices: async ({ lines, terms, context }, counted) => {
      const asked = lines.map(({ line: { sku, unit }, facts, own }) => ({ sku, facts, counted: own === null ? null : (counted.get(sku) ?? ZERO), unitCode: unit ?? null }));
      const checks = await validateLines(tools, asked, { ...context, lists: terms.isShown ? terms.lists : [] });
      return { refuses: checkoutPriceCheck === 'refuse', checks: checks.filter((check) => check !== null) };
    },
  };
}

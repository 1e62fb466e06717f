import type { FlowName, List } from '../../../domain/connector.ts';
import type { CurrencyRate, ListPrice, PriceList, PriceRule, TaxRate } from '../../../domain/pricing.ts';
import type { PortSource } from '../../../domain/ports.ts';
import { instant } from '../../../domain/time.ts';
import type { Clock } from '../../../platform/clock.ts';
import { recordRejections, type Feed } from '../../../platform/feed.ts';
import { createPortFeed } from '../../frame/port-feed.ts';
import { PRICING_SCHEMA } from '../schema.sql.ts';
import { claimPrices, CLAIM_PATTERNS, forgetPrices, holdPrices, keepUnpriced, rejectClaims } from './held-prices.ts';
import { dropUnseenRules, examineRules, forgetRules, holdRules, settleRules } from './held-rules.ts';
import { mirror, type Mirrored, type MirrorTools } from './mirror.ts';
import { complainAboutCurrencyRate, complainAboutListPrice, complainAboutPriceList, complainAboutRule, complainAboutTaxRate } from './price-checks.ts';
import { currencyRateRow, taxRateRow, type CurrencyRateRow, type TaxRateRow } from './rate-tables.ts';
import { watchRemovals } from './removal-watch.ts';
import { OPEN_GATE, type RowGate } from './row-gate.ts';
import { RULE_PATTERNS } from './rule-judgement.ts';
import { announceFirstPrices, SERVED_CURRENCY_RATES, SERVED_LISTS, SERVED_PRICES, SERVED_RULES, SERVED_TAX_RATES } from './served-table.ts';
import { listPriceRow, priceListRow, priceRuleRow, PRICE_RULES, type ListPriceRow, type PriceListRow, type PriceRuleRow } from './tables.ts';

export interface PriceFeedOptions {
  readonly ports: PortSource;
  readonly intervalMs: number;
  readonly clock: Clock;
  /** What a change passes before it is served. */
  readonly gate?: RowGate;
  /** The list whose rules are the base price, where the source has one; see ResolutionPolicy. */
  readonly baseListCode?: string | null;
}

/** All that decides prices, of the system that owns them; none where no system does. What rules refer to comes before them. */
export function createPriceFeeds({ ports, intervalMs, clock, gate = OPEN_GATE, baseListCode = null }: PriceFeedOptions): readonly Feed[] {
  const owned = ports.port('prices');
  if (owned === null) return [];
  const { port, capabilities } = owned;
  const afterPass: MirrorTools['afterPass'] = async (tx, closing) => {
    const rejected = await examineRules(tx, closing, feeds.map(({ name }) => name), baseListCode);
    if (rejected === null) return;
    await announceFirstPrices(tx, tools.now());
    if (rejected.length > 0) await recordRejections(tx, PRICING_SCHEMA, PRICE_RULES.feed, rejected);
  };
  const tools: MirrorTools = { gate, now: () => instant(clock.date()), afterPass };
  const feedOf = <Domain extends object, Row extends object>(flow: FlowName, list: List<Domain>, mirrored: Mirrored<Domain, Row>): Feed =>
    createPortFeed({ capabilities, intervalMs, name: mirrored.served.table.feed, flow, list, ...mirror(mirrored, tools) });
  const ruleFeed = (): Feed => {
    const { listPriceRules: list, findRemovedRules: find } = port;
    const own = mirror(rulesOf(baseListCode), tools);
    // Where every pass is a full one nothing can be missed.
    const watched = find && capabilities.delta.includes('priceRules') ? watchRemovals(own, find) : own;
    return createPortFeed({ capabilities, intervalMs, name: PRICE_RULES.feed, flow: 'priceRules', list, ...watched });
  };
  const feeds: readonly Feed[] = [
    feedOf('prices', port.listPrices, prices),
    feedOf('priceLists', port.listPriceLists, lists),
    ...(port.listCurrencyRates ? [feedOf('currencyRates', port.listCurrencyRates, currencyRates)] : []),
    ...(port.listTaxRates ? [feedOf('taxRates', port.listTaxRates, taxRates)] : []),
    ruleFeed(),
  ];
  return feeds;
}

const prices: Mirrored<ListPrice, ListPriceRow> = {
  served: SERVED_PRICES, keyOf: (record) => record.sku, complain: complainAboutListPrice, rowOf: listPriceRow, keepRefused: keepUnpriced,
  waiting: {
    referenceOf: (record) => record.reference, hold: holdPrices, forget: forgetPrices, patterns: CLAIM_PATTERNS,
    beforeRemoval: claimPrices,
    settle: async (tx, gate, at) => {
      await claimPrices(tx, gate, at, null);
      return rejectClaims(tx);
    },
  },
};

const rulesOf = (baseListCode: string | null): Mirrored<PriceRule, PriceRuleRow> => ({
  served: SERVED_RULES, keyOf: (record) => record.reference, complain: complainAboutRule, rowOf: priceRuleRow,
  waiting: {
    referenceOf: (record) => record.reference, hold: holdRules, forget: forgetRules, patterns: RULE_PATTERNS,
    beforeRemoval: (tx, _gate, _at, passStartedAt) => dropUnseenRules(tx, passStartedAt),
    settle: (tx, gate, at) => settleRules(tx, { gate, at, baseListCode }),
  },
});

const lists: Mirrored<PriceList, PriceListRow> = { served: SERVED_LISTS, keyOf: (record) => record.code, complain: complainAboutPriceList, rowOf: priceListRow };
const currencyRates: Mirrored<CurrencyRate, CurrencyRateRow> = {
  served: SERVED_CURRENCY_RATES, keyOf: (record) => record.reference, complain: complainAboutCurrencyRate, rowOf: currencyRateRow,
};
const taxRates: Mirrored<TaxRate, TaxRateRow> = { served: SERVED_TAX_RATES, keyOf: (record) => record.code, complain: complainAboutTaxRate, rowOf: taxRateRow };

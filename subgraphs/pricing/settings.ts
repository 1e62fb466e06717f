import { Failure } from '../../domain/failure.ts';
import { isCurrencyCode } from '../../domain/money.ts';
import type { ResolutionPolicy } from '../../domain/pricing.ts';
import type { Config } from '../../platform/config.ts';
import type { AdvertisingPolicy } from './advertised/advertise.ts';

/** With taxes, or without. */
export type TaxDisplay = 'GROSS' | 'NET';

export interface PriceSettings {
  /** Price list of every buyer, by sales channel. */
  readonly channelLists: ReadonlyMap<string, string>;
  /** Price list by customer group. */
  readonly groupLists: ReadonlyMap<string, string>;
  /** Channels that show prices to known buyers only. */
  readonly privateChannels: ReadonlySet<string>;
  /** ISO 3166-1 alpha-2 by sales channel: whose taxes prices are shown with. */
  readonly taxCountries: ReadonlyMap<string, string>;
  readonly taxDisplay: ReadonlyMap<string, TaxDisplay>;
  /** What becomes of a price below the minimum advertised one, by sales channel; SHOW_MAP where a channel has no entry. */
  readonly advertising: ReadonlyMap<string, AdvertisingPolicy>;
  readonly policy: ResolutionPolicy;
  /** What becomes of an order the source would charge otherwise; off: it is not asked. */
  readonly checkoutPriceCheck: Config['CHECKOUT_PRICE_CHECK'];
  /** A read model that has not agreed with its source for longer is STALE. */
  readonly staleAfterMs: number;
}

const ACROSS: readonly string[] = ['FIRST_LIST', 'FIRST_WINS', 'LOWEST_WINS'] satisfies ResolutionPolicy['acrossLists'][];
const WITHIN: readonly string[] = ['FIRST_WINS', 'LOWEST_WINS'] satisfies ResolutionPolicy['withinList'][];

/** @throws Failure MISCONFIGURED naming the entry that says nothing. */
export function readSettings(config: Config, source: string | null): PriceSettings {
  return {
    channelLists: pairsOf('CHANNEL_PRICE_LISTS', 'channel=price list', config.CHANNEL_PRICE_LISTS),
    groupLists: pairsOf('GROUP_PRICE_LISTS', 'group=price list', config.GROUP_PRICE_LISTS),
    privateChannels: new Set(config.PRIVATE_PRICE_CHANNELS),
    taxCountries: readTaxCountries(config),
    taxDisplay: choicesOf<TaxDisplay>('CHANNEL_TAX_DISPLAY', ['GROSS', 'NET'], config.CHANNEL_TAX_DISPLAY),
    advertising: choicesOf<AdvertisingPolicy>('MAP_CHANNELS', ['SHOW_MAP', 'HIDE'], config.MAP_CHANNELS),
    policy: readPolicy(config, source),
    checkoutPriceCheck: config.CHECKOUT_PRICE_CHECK,
    // Three missed turns, or what counts as stale, whichever is longer: as the feed's health has it.
    staleAfterMs: Math.max(config.STALE_AFTER_MS, config.PRICE_POLL_MS * 3),
  };
}

function readPolicy(config: Config, source: string | null): ResolutionPolicy {
  const entries = pairsOf('PRICE_RESOLUTION', 'source=across lists/within a list', config.PRICE_RESOLUTION);
  for (const [name, value] of entries) {
    const [across = '', within = ''] = value.split('/');
    if (!ACROSS.includes(across) || !WITHIN.includes(within)) {
      throw new Failure('MISCONFIGURED', `PRICE_RESOLUTION: ${name}=${value} is not one of ${ACROSS.join(', ')}, then / and one of ${WITHIN.join(', ')}`);
    }
  }
  const [acrossLists, withinList] = (entries.get(source ?? '') ?? 'FIRST_LIST/FIRST_WINS').split('/') as [ResolutionPolicy['acrossLists'], ResolutionPolicy['withinList']];
  const unknown = config.CONVERTED_CURRENCIES.find((code) => !isCurrencyCode(code));
  if (unknown !== undefined) throw new Failure('MISCONFIGURED', `CONVERTED_CURRENCIES: ${JSON.stringify(unknown)} is no ISO 4217 currency code`);
  const baseListCode = pairsOf('BASE_PRICE_LISTS', 'source=price list', config.BASE_PRICE_LISTS).get(source ?? '') ?? null;
  return { acrossLists, withinList, baseListCode, convertedCurrencies: config.CONVERTED_CURRENCIES };
}

function pairsOf(setting: string, form: string, entries: readonly string[]): ReadonlyMap<string, string> {
  return new Map(entries.map((entry) => {
    const [name, value, ...rest] = entry.split('=').map((part) => part.trim());
    if (!name || !value || rest.length > 0) throw new Failure('MISCONFIGURED', `${setting}: ${JSON.stringify(entry)} is not "${form}"`);
    return [name, value] as const;
  }));
}

function readTaxCountries(config: Config): ReadonlyMap<string, string> {
  const countries = pairsOf('CHANNEL_TAX_COUNTRIES', 'channel=country', config.CHANNEL_TAX_COUNTRIES);
  for (const [channel, country] of countries) {
    if (!/^[A-Z]{2}$/.test(country)) throw new Failure('MISCONFIGURED', `CHANNEL_TAX_COUNTRIES: ${channel}=${country} is no ISO 3166-1 alpha-2 country code such as DE`);
  }
  return countries;
}

function choicesOf<Choice extends string>(setting: string, choices: readonly Choice[], entries: readonly string[]): ReadonlyMap<string, Choice> {
  const chosen = pairsOf(setting, `channel=${choices.join(' or ')}`, entries);
  for (const [channel, choice] of chosen) {
    if (!(choices as readonly string[]).includes(choice)) throw new Failure('MISCONFIGURED', `${setting}: ${channel}=${choice} is not one of ${choices.join(', ')}`);
  }
  return chosen as ReadonlyMap<string, Choice>;
}

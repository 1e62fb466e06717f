import type { Decimal, RoundingMode } from '../../domain/decimal.ts';
import type { CurrencyRate, LayeredList, ListPrice, PriceFormula, PriceLayer, PriceList, PriceRule, ResolutionPolicy } from '../../domain/pricing.ts';

/*
 * What a price is, a second time: written from the words of SEMANTICS.md and domain/pricing.ts, sharing no line with
 * subgraphs/pricing. Everything is an exact fraction of big integers until the one rounding; nothing is fast.
 */

export interface PriceWorld {
  readonly item: ListPrice;
  readonly lists: readonly PriceList[];
  /** In any order, of any target. */
  readonly rules: readonly PriceRule[];
  readonly rates: readonly CurrencyRate[];
  readonly policy: ResolutionPolicy;
}

export interface Asked {
  readonly quantity: Decimal;
  readonly unitCode: string | null;
  readonly lists: readonly LayeredList[];
  readonly currencyCode: string | null;
  readonly at: string;
}

/** The reason there is none, or the price. */
export type Foretold =
  | string
  | { readonly unitPrice: string; readonly lineTotal: string; readonly currencyCode: string; readonly layer: PriceLayer; readonly list: string | null; readonly rule: string | null };

/** n / d, d above zero. */
interface Fraction { readonly n: bigint; readonly d: bigint }

const F = (text: string): Fraction => {
  const [whole, rest = ''] = text.split('.') as [string, string?];
  return { n: BigInt(whole + rest), d: 10n ** BigInt(rest.length) };
};
const plus = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.d + b.n * a.d, d: a.d * b.d });
const times = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.n, d: a.d * b.d });
const over = (a: Fraction, b: Fraction): Fraction => (b.n < 0n ? { n: -a.n * b.d, d: -a.d * b.n } : { n: a.n * b.d, d: a.d * b.n });
const less = (a: Fraction, b: Fraction): boolean => a.n * b.d < b.n * a.d;

/** Away from zero is UP, towards it DOWN, as for every amount here. */
function toDigits(value: Fraction, digits: number, mode: RoundingMode): Fraction {
  const scale = 10n ** BigInt(digits);
  const size = (value.n < 0n ? -value.n : value.n) * scale;
  const [floor, rest] = [size / value.d, size % value.d];
  const twice = rest * 2n;
  const isUp = { UP: rest > 0n, DOWN: false, HALF_UP: twice >= value.d, HALF_EVEN: twice > value.d || (twice === value.d && floor % 2n === 1n) }[mode];
  const rounded = isUp ? floor + 1n : floor;
  return { n: value.n < 0n ? -rounded : rounded, d: scale };
}

function inWords({ n, d }: Fraction): string {
  const digits = String(d).length - 1;
  const text = String(n < 0n ? -n : n).padStart(digits + 1, '0');
  const [whole, rest] = [text.slice(0, text.length - digits), text.slice(text.length - digits).replace(/0+$/, '')];
  return `${n < 0n ? '-' : ''}${whole}${rest === '' ? '' : `.${rest}`}`;
}

interface Found { readonly value: Fraction; readonly currency: string; readonly rule: PriceRule | null; readonly gross: boolean | null }

class NoPrice extends Error {}
const no = (reason: string): never => { throw new NoPrice(reason); };

const TWO_DIGITS = 2;
const CURRENCY_DIGITS: Readonly<Record<string, number>> = { JPY: 0 };
const digitsOf = (currency: string): number => CURRENCY_DIGITS[currency] ?? TWO_DIGITS;

export function foretell(world: PriceWorld, asked: Asked): Foretold {
  try {
    return new Oracle(world, asked).answer();
  } catch (error) {
    if (error instanceof NoPrice) return error.message;
    throw error;
  }
}

class Oracle {
  readonly #world: PriceWorld;
  readonly #asked: Asked;
  readonly #factor: Fraction;

  constructor(world: PriceWorld, asked: Asked) {
    this.#world = world;
    this.#asked = asked;
    const own = asked.unitCode === null || asked.unitCode === world.item.unitCode;
    const conversion = world.item.units.find((unit) => unit.code === asked.unitCode);
    if (!own && !conversion) no('UNKNOWN_UNIT');
    this.#factor = own ? F('1') : F(conversion!.factor);
  }

  answer(): Foretold {
    const { found, layer, list } = this.#decide();
    const currency = this.#asked.currencyCode ?? found.currency;
    const isOther = currency !== found.currency;
    if (isOther && !this.#world.policy.convertedCurrencies.includes(currency)) no('NO_CURRENCY');
    const exact = this.#convert(found, currency).value;
    const digits = list?.roundingDigits ?? (isOther ? digitsOf(currency) : null);
    const mode = list?.roundingMode ?? 'HALF_UP';
    const many = F(this.#asked.quantity);
    const per = found.rule?.unitCode ? this.#factor : F('1');
    const pack = toDigits(times(exact, per), digits ?? 12, mode);
    const isLine = list?.roundingPlace === 'LINE';
    // The price of one of the own unit: of a rounded box a twelfth, shown to twelve digits.
    const unit = isLine ? toDigits(exact, 12, mode) : per.n === per.d ? pack : toDigits(over(pack, per), 12, 'HALF_UP');
    const total = isLine ? toDigits(times(exact, many), digits ?? digitsOf(currency), mode) : toDigits(over(times(pack, many), per), digitsOf(currency), mode);
    if (unit.n <= 0n) no('NO_LIST_PRICE');
    return { unitPrice: inWords(unit), lineTotal: inWords(total), currencyCode: currency, layer, list: list?.code ?? null, rule: this.#named(found, list) };
  }

  /** A base price that stands on another list is by no rule of that list. */
  #named({ rule }: Found, list: PriceList | null): string | null {
    return rule !== null && rule.priceListCode === list?.code ? rule.reference : null;
  }

  #decide(): { readonly found: Found; readonly layer: PriceLayer; readonly list: PriceList | null } {
    const { policy, lists } = this.#world;
    const baseList = lists.find(({ code }) => code === policy.baseListCode) ?? null;
    const base = () => ({ found: this.#base([]), layer: 'BASE' as const, list: baseList });
    const on = (one: LayeredList) => {
      const found = this.#list(one.code, []);
      return found === null ? null : { found, layer: one.layer as PriceLayer, list: lists.find(({ code }) => code === one.code)! };
    };
    const all = this.#asked.lists;
    if (policy.acrossLists === 'FIRST_LIST') {
      const [first] = all;
      if (!first) return base();
      const answered = on(first);
      if (answered) return answered;
      const list = lists.find(({ code }) => code === first.code)!;
      const standing = this.#base([]);
      if (standing.gross === !list.taxIncluded) no('UNUSABLE_PRICE_LIST');
      return { found: this.#convert(standing, list.currencyCode), layer: first.layer, list };
    }
    if (policy.acrossLists === 'FIRST_WINS') {
      for (const one of all) {
        const answered = on(one);
        if (answered) return answered;
      }
      return base();
    }
    const offers: { readonly found: Found; readonly layer: PriceLayer; readonly list: PriceList | null }[] = all.flatMap((one) => on(one) ?? []);
    const last = this.#baseOffer(base);
    if (last && last.found.value.n > 0n) offers.push(last);
    if (offers.length === 0) no('NO_LIST_PRICE');
    if (offers.some(({ found }) => found.gross === true) && offers.some(({ found }) => found.gross === false)) no('UNUSABLE_PRICE_LIST');
    const yardstick = this.#asked.currencyCode ?? offers[0]!.found.currency;
    const measured = offers.map((offer) => ({ offer, value: this.#convert(offer.found, yardstick).value }));
    return measured.find((one) => !measured.some((other) => less(other.value, one.value)))!.offer;
  }

  #baseOffer<T>(base: () => T): T | null {
    try {
      return base();
    } catch (error) {
      if (error instanceof NoPrice && error.message === 'NO_LIST_PRICE') return null;
      throw error;
    }
  }

  #base(open: readonly string[]): Found {
    const code = this.#world.policy.baseListCode;
    if (code === null || open.includes(code)) return { value: F(this.#world.item.price.amount), currency: this.#world.item.price.currencyCode, rule: null, gross: null };
    return this.#list(code, open) ?? no('NO_LIST_PRICE');
  }

  #list(code: string, open: readonly string[]): Found | null {
    const list = this.#world.lists.find((one) => one.code === code);
    if (!list || !list.active || open.includes(code)) return no('UNUSABLE_PRICE_LIST');
    const holding = this.#world.rules.filter((rule) => rule.priceListCode === code && this.#holds(rule)).sort(byPrecedence);
    if (holding.length === 0) return null;
    if (this.#world.policy.withinList === 'FIRST_WINS') return this.#rule(holding[0]!, list, [...open, code]);
    const found = holding.map((rule) => this.#rule(rule, list, [...open, code]));
    return found.find((one) => !found.some((other) => less(other.value, one.value)))!;
  }

  #holds({ target, unitCode, minQuantity, validFrom, validUntil }: PriceRule): boolean {
    const { item } = this.#world;
    const aimed = target.kind === 'ALL' || (target.kind === 'SKU' && target.sku === item.sku) || (target.kind === 'GROUP' && target.groupCode === item.groupCode)
      || (target.kind === 'CATEGORY' && item.categoryCodes.includes(target.categoryCode));
    const at = Date.parse(this.#asked.at);
    const inTime = (validFrom === null || Date.parse(validFrom) <= at) && (validUntil === null || at < Date.parse(validUntil));
    const inUnit = unitCode === null || unitCode === (this.#asked.unitCode ?? item.unitCode);
    if (!aimed || !inTime || !inUnit) return false;
    const counted = unitCode === null ? F(this.#asked.quantity) : over(F(this.#asked.quantity), this.#factor);
    return minQuantity === null || !less(counted, F(minQuantity));
  }

  #rule(rule: PriceRule, { currencyCode: currency, taxIncluded: gross }: PriceList, open: readonly string[]): Found {
    const per = rule.unitCode === null ? F('1') : this.#factor;
    const { formula } = rule;
    if (formula.kind === 'FIXED') return { value: over(F(formula.amount), per), currency, rule, gross };
    const source = this.#start(formula, open);
    if (source.gross === !gross) no('UNUSABLE_PRICE_LIST');
    const start = times(this.#convert(source, currency).value, per);
    return { value: over(formula.kind === 'PERCENT_OFF' ? reduced(start, formula.percent) : computed(start, formula), per), currency, rule, gross };
  }

  #start({ base }: Exclude<PriceFormula, { kind: 'FIXED' }>, open: readonly string[]): Found {
    if (base.kind === 'PRICE_LIST') return this.#list(base.code, open) ?? this.#base(open);
    if (base.kind === 'LIST') return this.#base(open);
    const { cost } = this.#world.item;
    return cost === null ? no('NO_LIST_PRICE') : { value: F(cost.amount), currency: cost.currencyCode, rule: null, gross: null };
  }

  #convert(found: Found, currency: string): Found {
    if (found.currency === currency) return found;
    const rate = this.#rate(found.currency, currency) ?? no('MISSING_RATE');
    return { ...found, value: times(found.value, rate), currency };
  }

  #rate(from: string, to: string): Fraction | null {
    const direct = this.#told(from, to);
    if (direct) return direct;
    const bases = [...new Set(this.#world.rates.map((rate) => rate.baseCurrencyCode))].sort();
    const others = [...new Set(this.#world.rates.map((rate) => rate.currencyCode))].sort();
    for (const middle of [...bases, ...others]) {
      const [into, out] = [this.#told(from, middle), this.#told(middle, to)];
      if (into && out) return times(into, out);
    }
    return null;
  }

  #told(from: string, to: string): Fraction | null {
    const latest = (a: string, b: string): Fraction | null => {
      const held = this.#world.rates.filter((rate) => rate.baseCurrencyCode === a && rate.currencyCode === b && Date.parse(rate.validFrom) <= Date.parse(this.#asked.at));
      const [last] = held.sort((x, y) => Date.parse(y.validFrom) - Date.parse(x.validFrom));
      return last ? F(last.rate) : null;
    };
    const back = latest(to, from);
    return latest(from, to) ?? (back ? over(F('1'), back) : null);
  }
}

const byPrecedence = (a: PriceRule, b: PriceRule): number =>
  Buffer.from(a.precedence).compare(Buffer.from(b.precedence)) || Buffer.from(a.reference).compare(Buffer.from(b.reference));

const reduced = (start: Fraction, percent: string): Fraction => times(start, over(plus(F('100'), times(F('-1'), F(percent))), F('100')));

function computed(start: Fraction, { percentOff, roundTo, surcharge, minMargin, maxMargin }: Extract<PriceFormula, { kind: 'FORMULA' }>): Fraction {
  let value = reduced(start, percentOff);
  if (roundTo !== null) value = times(toDigits(over(value, F(roundTo)), 0, 'HALF_UP'), F(roundTo));
  value = plus(value, F(surcharge));
  if (minMargin !== null && less(value, plus(start, F(minMargin)))) value = plus(start, F(minMargin));
  if (maxMargin !== null && less(plus(start, F(maxMargin)), value)) value = plus(start, F(maxMargin));
  return value;
}

import { idBy, productId } from './erp-desk.ts';
import type { Desk } from './targets.ts';

/* What somebody in sales keys into an ERP that speaks Odoo; whatever is made is taken away again. */

export const SKUS = ['MUG-01', 'TEE-S-BLA', 'TEE-XL-WHI', 'BOT-500', 'STAPLER', 'HAM-16', 'CUP-ESP', 'BIT-SET'];
const CURRENCY = 'EUR';
/** Days from today and what a dollar is in euros from then on; the seed's own rate holds since 2020. */
const RATES = [[-10, 0.8], [-3, 0.95]] as const;

const DAY_MS = 86_400_000;
export const dayFrom = (today: number, days: number): string => new Date(today + days * DAY_MS).toISOString().slice(0, 10);

export interface PriceDay {
  /** Ids as text, by what they are called here. */
  readonly lists: Readonly<Record<'DOLLAR' | 'EURO' | 'ON_EURO' | 'ON_DOLLAR', string>>;
  readonly rules: number;
}

type Rule = Readonly<Record<string, unknown>>;

interface Places {
  readonly variant: number;
  readonly template: number;
  readonly child: number;
  readonly parent: number;
}

/** Repeatable numbers: the same rules on every server. */
function numbers(seed: number): (from: number, to: number, digits: number) => number {
  let state = seed;
  return (from, to, digits) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Number((from + ((to - from) * state) / 2_147_483_648).toFixed(digits));
  };
}

const SKU = (id: number) => ({ applied_on: '0_product_variant', product_id: id });
const ITEM = (id: number) => ({ applied_on: '1_product', product_tmpl_id: id });
const CATEGORY = (id: number) => ({ applied_on: '2_product_category', categ_id: id });
const ALL = { applied_on: '3_global' };
const fixed = (price: number) => ({ compute_price: 'fixed', fixed_price: price });
const percent = (off: number, base: Rule = { base: 'list_price' }) => ({ compute_price: 'percentage', percent_price: off, ...base });
const formula = (base: Rule, more: Rule) => ({ compute_price: 'formula', ...base, ...more });

/** Every target, computation and base, quantities, windows and margins; what is dated begins and ends by the second. */
function rulesOf(list: number, base: Rule, { variant, template, child, parent }: Places, today: number, pick: ReturnType<typeof numbers>): readonly Rule[] {
  const at = (days: number, time: string): string => `${dayFrom(today, days)} ${time}`;
  const cost = { base: 'standard_price' };
  return [
    { ...SKU(variant), ...fixed(pick(1, 20, 2)), min_quantity: 12, date_start: at(-2, '12:00:00'), date_end: at(5, '12:00:00') },
    { ...SKU(variant), ...fixed(pick(1, 20, 3)), min_quantity: 100 },
    { ...SKU(variant), ...percent(pick(1, 40, 2), base), date_start: at(1, '00:00:00') },
    { ...ITEM(template), ...formula(cost, { price_markup: pick(10, 80, 2), price_round: 0.05 }), min_quantity: 6 },
    { ...ITEM(template), ...percent(pick(1, 50, 2)), date_end: at(-1, '23:59:59') },
    { ...CATEGORY(child), ...formula(base, { price_discount: pick(1, 30, 2), price_surcharge: -0.01, price_round: 0.1 }), min_quantity: 6 },
    { ...CATEGORY(parent), ...percent(pick(1, 30, 2), base), min_quantity: 6 },
    { ...CATEGORY(parent), ...fixed(pick(5, 9, 2)), min_quantity: 50, date_start: at(-30, '00:00:00'), date_end: at(-5, '08:30:00') },
    { ...ALL, ...formula(base, { price_discount: pick(20, 60, 2), price_min_margin: -pick(1, 3, 2), price_max_margin: 0 }), min_quantity: 50 },
    { ...ALL, ...formula(cost, { price_markup: pick(5, 20, 2), price_surcharge: pick(0.1, 1, 2), price_max_margin: pick(0.5, 3, 2) }), min_quantity: 0.5, date_start: at(-20, '00:00:00'), date_end: at(-8, '00:00:00') },
    { ...ALL, ...percent(-pick(1, 15, 2), base), min_quantity: 0 },
    { ...ALL, ...formula({ base: 'list_price' }, { price_discount: pick(1, 9, 2), price_round: 1, price_surcharge: -0.05 }), min_quantity: 0, date_start: at(-3, '00:00:00'), date_end: at(0, '23:59:59') },
  ].map((rule) => ({ pricelist_id: list, ...rule }));
}

/** Runs `work` while two currencies have dated rates, a category lies below another, and four lists are built on each other. */
export async function withPriceDay<T>(desk: Desk, today: number, work: (day: PriceDay) => Promise<T>): Promise<T> {
  const undo: (() => Promise<unknown>)[] = [];
  const create = async (model: string, values: Rule): Promise<number> => {
    const [id] = await desk<number[]>(model, 'create', { vals_list: [values] });
    return id!;
  };
  try {
    const places = await moveIntoCategory(desk, undo);
    const [dollar, euro] = [await idBy(desk, 'res.currency', 'name', 'USD'), await idBy(desk, 'res.currency', 'name', CURRENCY)];
    for (const [days, rate] of RATES) {
      const id = await create('res.currency.rate', { currency_id: euro, name: dayFrom(today, days), rate });
      undo.push(() => desk('res.currency.rate', 'unlink', { ids: [id] }));
    }
    const ids = await desk<number[]>('product.pricelist', 'create', { vals_list: [['in dollars', dollar], ['in euros', euro], ['on euros', dollar], ['on dollars', euro]].map(([name, currency]) => ({ name: `${name} of the tests`, currency_id: currency })) });
    undo.push(() => desk('product.pricelist', 'unlink', { ids }));
    const [DOLLAR, EURO, ON_EURO, ON_DOLLAR] = ids as [number, number, number, number];
    const bases: readonly (readonly [list: number, base: Rule])[] = [
      [DOLLAR, { base: 'list_price' }], [EURO, { base: 'list_price' }], [ON_EURO, { base: 'pricelist', base_pricelist_id: EURO }], [ON_DOLLAR, { base: 'pricelist', base_pricelist_id: DOLLAR }],
    ];
    const pick = numbers(20_261_121);
    const rules = bases.flatMap(([list, base]) => rulesOf(list, base, places, today, pick));
    await desk('product.pricelist.item', 'create', { vals_list: rules });
    return await work({ lists: { DOLLAR: String(DOLLAR), EURO: String(EURO), ON_EURO: String(ON_EURO), ON_DOLLAR: String(ON_DOLLAR) }, rules: rules.length });
  } finally {
    for (const step of undo.reverse()) await step();
  }
}

/** The category below is made first, and so has the lower id: it is its depth that ranks its rules. */
async function moveIntoCategory(desk: Desk, undo: (() => Promise<unknown>)[]): Promise<Places> {
  const variant = await productId(desk, SKUS[0]!);
  const [product] = await desk<{ product_tmpl_id: [number, string]; categ_id: [number, string] }[]>('product.product', 'read', { ids: [variant], fields: ['product_tmpl_id', 'categ_id'] });
  const [template, before] = [product!.product_tmpl_id[0], product!.categ_id[0]];
  const [child] = await desk<number[]>('product.category', 'create', { vals_list: [{ name: 'Below, of the tests' }] });
  const [parent] = await desk<number[]>('product.category', 'create', { vals_list: [{ name: 'Above, of the tests' }] });
  undo.push(() => desk('product.category', 'unlink', { ids: [child!] }).then(() => desk('product.category', 'unlink', { ids: [parent!] })));
  await desk('product.category', 'write', { ids: [child!], vals: { parent_id: parent! } });
  await desk('product.template', 'write', { ids: [template], vals: { categ_id: child! } });
  undo.push(() => desk('product.template', 'write', { ids: [template], vals: { categ_id: before } }));
  return { variant, template, child: child!, parent: parent! };
}

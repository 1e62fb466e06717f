import { chanceOf } from '../random.ts';
import { shopGtin } from '../gtin.ts';
import { colours, brands, cares, origins, seasons, sizes, type Colour, type Option } from './options.ts';
import { descriptionOf, nameOf, summaryOf } from './sentences.ts';
import { collections, productTypes, type ProductType, type Words } from './words.ts';

/** One product as the shop thinks of it, before it is told to the ERP and to the PIM in their own words. */
export interface PlannedProduct {
  readonly code: string;
  readonly type: ProductType;
  readonly name: Words;
  readonly summary: Words;
  readonly description: Words;
  /** Decimal text in USD. */
  readonly price: string;
  readonly cost: string;
  readonly brand: string;
  readonly material: string;
  readonly care: readonly string[];
  readonly season: string;
  readonly origin: string;
  readonly rating: string;
  readonly warrantyYears: number;
  readonly hue: number;
  readonly fill: string;
  readonly enabled: boolean;
  /** Texts exist in English alone. */
  readonly untranslated?: true;
  readonly variants: readonly PlannedVariant[];
}

export interface PlannedVariant {
  readonly sku: string;
  readonly gtin: string | null;
  readonly colour: Colour | null;
  readonly size: Option | null;
  readonly grams: number;
}

const clothing = sizes.filter((size) => !size.code.startsWith('eu'));
const shoe = sizes.filter((size) => size.code.startsWith('eu'));
const careOf: Readonly<Record<ProductType['family'], readonly string[]>> = {
  gear: ['wipe_clean', 'air_dry'], apparel: ['wash_30', 'no_tumble', 'air_dry', 'hand_wash'], footwear: ['wipe_clean', 'air_dry'],
  home: ['hand_wash', 'wipe_clean', 'oil_yearly', 'dishwasher'], food: ['keep_cool'],
};
const seasonOf: Readonly<Record<string, readonly string[]>> = { warm: ['winter', 'autumn'], breathable: ['spring', 'summer'], waterproof: ['autumn', 'spring'] };

/** All regular products, about 520 of them; the awkward ones are added by `oddities.ts`. */
export function planProducts(): PlannedProduct[] {
  let serial = 0;
  return productTypes.flatMap((type) =>
    Array.from({ length: type.count }, (_, index) => planProduct(type, collections[index % collections.length] as string, () => (serial += 1))));
}

function planProduct(type: ProductType, collection: string, nextSerial: () => number): PlannedProduct {
  const code = `${type.prefix}-${collection.slice(0, 3).toUpperCase()}`;
  const chance = chanceOf(code);
  const whole = chance.between(type.price[0], type.price[1]);
  const material = chance.pick(type.materials);
  const cents = type.family === 'food' ? '.50' : chance.pick(['.00', '.95', '.90']);
  const seasonable = type.traits.map((trait) => seasonOf[trait]).find((choice) => choice !== undefined) ?? ['all_year'];
  const grams = chance.between(type.grams[0], type.grams[1]);
  const variants = planVariants(type, code, grams, nextSerial);
  return {
    code, type, material, variants,
    name: nameOf(type, collection), summary: summaryOf(type), description: descriptionOf(type, collection, material, chance.between(0, 11)),
    price: `${whole}${cents}`,
    cost: `${Math.round(whole * chance.between(42, 58)) / 100}`,
    brand: chance.pick(brands).code,
    care: chance.some(cares.filter((care) => careOf[type.family].includes(care.code)), 2).map((care) => care.code),
    season: chance.pick(seasons.filter((season) => seasonable.includes(season.code))).code,
    origin: chance.pick(origins).code,
    rating: `${chance.between(3, 4)}.${chance.between(0, 9)}`,
    warrantyYears: type.family === 'food' ? 0 : chance.pick([2, 2, 3, 5]),
    hue: chance.between(0, 359),
    fill: variants[0]?.colour?.hex ?? chance.pick(colours).hex,
    enabled: true,
  };
}

function planVariants(type: ProductType, code: string, grams: number, nextSerial: () => number): PlannedVariant[] {
  const chance = chanceOf(`${code}:variants`);
  const inColours = type.axes === 'colour' ? chance.some(colours, chance.between(2, 3)) : type.axes === 'colour-size' ? chance.some(colours, 2) : [null];
  const run = type.family === 'footwear' ? shoe : clothing.slice(1);
  const inSizes = type.axes === 'size' ? run.slice(0, 4) : type.axes === 'colour-size' ? run.slice(0, 3) : [null];
  return inColours.flatMap((colour) => inSizes.map((size, step) => ({
    sku: [code, colour?.short, size?.labels.en_US].filter((part) => part !== undefined).join('-'),
    gtin: shopGtin(nextSerial()), colour, size, grams: grams + step * Math.round(grams / 25),
  })));
}

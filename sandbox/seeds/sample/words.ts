/** The sample shop's product types: one row a type. Nouns carry their gender so that sentences can agree with them. */

export type Locale = 'en_US' | 'de_DE' | 'fr_FR';
export const locales: readonly Locale[] = ['en_US', 'de_DE', 'fr_FR'];
export type Words = Readonly<Record<Locale, string>>;
/** German m f n or p(lural); French m f or plural mp fp. */
export type GenderDe = 'm' | 'f' | 'n' | 'p';
export type GenderFr = 'm' | 'f' | 'mp' | 'fp';
export type Axes = 'none' | 'size' | 'colour' | 'colour-size';
export type FamilyCode = 'apparel' | 'footwear' | 'gear' | 'home' | 'food';

export interface ProductType {
  readonly prefix: string;
  readonly family: FamilyCode;
  readonly category: string;
  readonly axes: Axes;
  readonly count: number;
  readonly noun: Words;
  readonly de: GenderDe;
  readonly fr: GenderFr;
  readonly shape: string;
  /** Whole units of the shop's currency. */
  readonly price: readonly [number, number];
  readonly grams: readonly [number, number];
  readonly materials: readonly string[];
  readonly traits: readonly string[];
}

type Row = readonly [
  prefix: string, family: FamilyCode, category: string, axes: Axes, count: number, en: string, de: string, deGender: GenderDe,
  fr: string, frGender: GenderFr, shape: string, price: readonly [number, number], grams: readonly [number, number], materials: string, traits: string,
];

const rows: readonly Row[] = [
  ['TNT', 'gear', 'tents', 'none', 20, 'Two-Person Tent', 'Zwei-Personen-Zelt', 'n', 'Tente deux places', 'f', 'tent', [189, 549], [1400, 2900], 'ripstop_nylon recycled_polyester', 'light waterproof compact'],
  ['TRP', 'gear', 'tents', 'none', 14, 'Tarp', 'Tarp', 'n', 'Bâche', 'f', 'tent', [49, 159], [380, 900], 'ripstop_nylon recycled_polyester', 'light waterproof compact'],
  ['BPK', 'gear', 'packs', 'colour', 22, 'Backpack', 'Rucksack', 'm', 'Sac à dos', 'm', 'backpack', [89, 279], [900, 2100], 'ripstop_nylon recycled_polyester canvas', 'durable comfortable light'],
  ['DPK', 'gear', 'packs', 'colour', 18, 'Daypack', 'Tagesrucksack', 'm', 'Sac de randonnée', 'm', 'backpack', [39, 119], [350, 800], 'recycled_polyester canvas', 'light comfortable durable'],
  ['SLB', 'gear', 'sleeping', 'none', 20, 'Sleeping Bag', 'Schlafsack', 'm', 'Sac de couchage', 'm', 'roll', [119, 429], [700, 1600], 'down ripstop_nylon', 'warm light compact'],
  ['MAT', 'gear', 'sleeping', 'none', 16, 'Sleeping Mat', 'Isomatte', 'f', 'Matelas de sol', 'm', 'roll', [39, 189], [320, 900], 'ripstop_nylon recycled_polyester', 'light compact comfortable'],
  ['STV', 'gear', 'cooking', 'none', 18, 'Camping Stove', 'Campingkocher', 'm', 'Réchaud', 'm', 'stove', [35, 169], [90, 620], 'steel titanium aluminium', 'compact light durable'],
  ['BTL', 'gear', 'cooking', 'colour', 20, 'Bottle', 'Trinkflasche', 'f', 'Gourde', 'f', 'bottle', [19, 49], [180, 420], 'steel titanium', 'durable light sturdy'],
  ['HDL', 'gear', 'lights', 'none', 20, 'Headlamp', 'Stirnlampe', 'f', 'Lampe frontale', 'f', 'lamp', [25, 119], [60, 160], 'aluminium recycled_polyester', 'light compact durable'],
  ['LNT', 'gear', 'lights', 'none', 18, 'Lantern', 'Laterne', 'f', 'Lanterne', 'f', 'lantern', [29, 89], [220, 640], 'aluminium steel', 'sturdy compact durable'],
  ['POL', 'gear', 'trekking', 'none', 18, 'Trekking Poles', 'Trekkingstöcke', 'p', 'Bâtons de randonnée', 'mp', 'poles', [49, 179], [380, 560], 'aluminium titanium', 'light sturdy durable'],
  ['RPE', 'gear', 'trekking', 'none', 14, 'Climbing Rope', 'Kletterseil', 'n', 'Corde d’escalade', 'f', 'rope', [99, 249], [2600, 4200], 'ripstop_nylon', 'sturdy durable light'],
  ['RNJ', 'apparel', 'jackets', 'colour-size', 14, 'Rain Jacket', 'Regenjacke', 'f', 'Veste de pluie', 'f', 'jacket', [119, 349], [280, 520], 'recycled_polyester ripstop_nylon', 'waterproof light breathable'],
  ['DWJ', 'apparel', 'jackets', 'colour-size', 12, 'Down Jacket', 'Daunenjacke', 'f', 'Doudoune', 'f', 'jacket', [149, 399], [320, 610], 'down ripstop_nylon', 'warm light compact'],
  ['FLC', 'apparel', 'jackets', 'size', 16, 'Fleece Jacket', 'Fleecejacke', 'f', 'Veste polaire', 'f', 'jacket', [69, 149], [300, 480], 'recycled_polyester', 'warm soft breathable'],
  ['TEE', 'apparel', 'tops', 'colour-size', 14, 'T-Shirt', 'T-Shirt', 'n', 'T-shirt', 'm', 'tee', [25, 55], [130, 200], 'organic_cotton merino', 'soft breathable comfortable'],
  ['BSL', 'apparel', 'tops', 'size', 16, 'Base Layer', 'Funktionsshirt', 'n', 'Sous-vêtement technique', 'm', 'tee', [55, 119], [150, 240], 'merino', 'warm soft breathable'],
  ['TRS', 'apparel', 'trousers', 'size', 16, 'Hiking Trousers', 'Wanderhose', 'f', 'Pantalon de randonnée', 'm', 'trousers', [79, 169], [280, 440], 'recycled_polyester organic_cotton', 'durable comfortable breathable'],
  ['SHT', 'apparel', 'trousers', 'size', 12, 'Hiking Shorts', 'Wandershorts', 'p', 'Short de randonnée', 'm', 'shorts', [49, 99], [160, 260], 'recycled_polyester organic_cotton', 'light comfortable breathable'],
  ['BNE', 'apparel', 'accessories', 'colour', 18, 'Beanie', 'Mütze', 'f', 'Bonnet', 'm', 'beanie', [19, 45], [50, 110], 'merino organic_cotton', 'warm soft comfortable'],
  ['SCK', 'apparel', 'accessories', 'size', 14, 'Hiking Socks', 'Wandersocken', 'p', 'Chaussettes de randonnée', 'fp', 'socks', [15, 29], [50, 90], 'merino organic_cotton', 'warm soft durable'],
  ['HBT', 'footwear', 'footwear', 'size', 14, 'Hiking Boots', 'Wanderstiefel', 'p', 'Chaussures de marche', 'fp', 'boot', [129, 289], [900, 1500], 'leather recycled_polyester', 'sturdy waterproof comfortable'],
  ['BLK', 'home', 'textiles', 'colour', 20, 'Wool Blanket', 'Wolldecke', 'f', 'Couverture en laine', 'f', 'blanket', [79, 199], [900, 1900], 'wool merino', 'warm soft durable'],
  ['CSH', 'home', 'textiles', 'colour', 16, 'Cushion', 'Kissen', 'n', 'Coussin', 'm', 'cushion', [29, 79], [400, 900], 'wool linen organic_cotton', 'soft comfortable durable'],
  ['POT', 'home', 'kitchen', 'none', 20, 'Enamel Pot', 'Emailletopf', 'm', 'Marmite émaillée', 'f', 'pot', [35, 119], [900, 2400], 'steel enamel', 'sturdy durable beautiful'],
  ['MUG', 'home', 'kitchen', 'colour', 18, 'Enamel Mug', 'Emaillebecher', 'm', 'Gobelet émaillé', 'm', 'mug', [12, 25], [110, 190], 'steel enamel', 'light sturdy beautiful'],
  ['BRD', 'home', 'kitchen', 'none', 18, 'Cutting Board', 'Schneidebrett', 'n', 'Planche à découper', 'f', 'board', [25, 89], [600, 1900], 'oak walnut', 'sturdy durable beautiful'],
  ['CDL', 'home', 'lighting', 'none', 20, 'Candle', 'Kerze', 'f', 'Bougie', 'f', 'candle', [15, 45], [220, 700], 'beeswax', 'beautiful durable compact'],
  ['TBL', 'home', 'lighting', 'none', 18, 'Table Lamp', 'Tischleuchte', 'f', 'Lampe de table', 'f', 'lantern', [59, 229], [900, 2600], 'oak linen aluminium', 'beautiful sturdy durable'],
  ['BSK', 'home', 'storage', 'none', 18, 'Basket', 'Korb', 'm', 'Panier', 'm', 'basket', [29, 89], [500, 1500], 'willow', 'sturdy beautiful light'],
  ['STL', 'home', 'furniture', 'none', 16, 'Stool', 'Hocker', 'm', 'Tabouret', 'm', 'stool', [79, 249], [2200, 5200], 'oak walnut', 'sturdy beautiful durable'],
  ['CFE', 'food', 'pantry', 'none', 10, 'Coffee Beans', 'Kaffeebohnen', 'p', 'Café en grains', 'm', 'sack', [18, 42], [1000, 1000], 'arabica', 'aromatic fresh'],
];

export const productTypes: readonly ProductType[] = rows.map(
  ([prefix, family, category, axes, count, en, de, deGender, fr, frGender, shape, price, grams, materials, traits]) => ({
    prefix, family, category, axes, count, noun: { en_US: en, de_DE: de, fr_FR: fr }, de: deGender, fr: frGender, shape, price, grams,
    materials: materials.split(' '), traits: traits.split(' '),
  }),
);

/** Collection names are proper nouns and stay as they are in every language. */
export const collections: readonly string[] = (
  'Alder Birka Corran Dovre Eider Fjordlys Glen Harrier Isar Juniper Kestrel Larch Merlin Norden Osprey Pinea Quill Rowan Solveig Tindra Ulma Vesper Wren Yarrow'
).split(' ');

import type { Words } from './words.ts';

/** The select options of the sample shop: code and label in each language. */
type Row = readonly [code: string, en: string, de: string, fr: string];
export interface Option { readonly code: string; readonly labels: Words }

const read = (rows: readonly Row[]): Option[] => rows.map(([code, en, de, fr]) => ({ code, labels: { en_US: en, de_DE: de, fr_FR: fr } }));

export interface Colour extends Option { readonly short: string; readonly hex: string }
const colourRows: readonly (readonly [...Row, short: string, hex: string])[] = [
  ['midnight', 'Midnight Blue', 'Mitternachtsblau', 'Bleu nuit', 'MID', '#243b63'],
  ['forest', 'Forest Green', 'Waldgrün', 'Vert forêt', 'FOR', '#2f5d46'],
  ['rust', 'Rust Red', 'Rostrot', 'Rouge rouille', 'RST', '#a4472b'],
  ['sand', 'Sand', 'Sand', 'Sable', 'SND', '#c9b18a'],
  ['charcoal', 'Charcoal', 'Anthrazit', 'Anthracite', 'CHA', '#3c4145'],
  ['mustard', 'Mustard Yellow', 'Senfgelb', 'Jaune moutarde', 'MUS', '#c99a2e'],
  ['ivory', 'Ivory', 'Elfenbein', 'Ivoire', 'IVO', '#ece4d2'],
  ['heather', 'Heather Purple', 'Heidelila', 'Violet bruyère', 'HEA', '#7d5c86'],
];
export const colours: readonly Colour[] = colourRows.map(([code, en, de, fr, short, hex]) => ({ code, labels: { en_US: en, de_DE: de, fr_FR: fr }, short, hex }));

export const sizes = read([
  ['xs', 'XS', 'XS', 'XS'], ['s', 'S', 'S', 'S'], ['m', 'M', 'M', 'M'], ['l', 'L', 'L', 'L'], ['xl', 'XL', 'XL', 'XL'],
  ['eu38', '38', '38', '38'], ['eu39', '39', '39', '39'], ['eu40', '40', '40', '40'], ['eu41', '41', '41', '41'],
  ['eu42', '42', '42', '42'], ['eu43', '43', '43', '43'], ['eu44', '44', '44', '44'],
]);
export const brands = read([
  ['northlight', 'Northlight', 'Northlight', 'Northlight'], ['hollen', 'Hollen & Sons', 'Hollen & Sons', 'Hollen & Sons'],
  ['ravnkilde', 'Ravnkilde', 'Ravnkilde', 'Ravnkilde'], ['atelier_brume', 'Atelier Brume', 'Atelier Brume', 'Atelier Brume'],
  ['mosswerk', 'Mosswerk', 'Mosswerk', 'Mosswerk'], ['pikefjell', 'Pikefjell', 'Pikefjell', 'Pikefjell'],
]);
export const materials = read([
  ['ripstop_nylon', 'Ripstop nylon', 'Ripstop-Nylon', 'Nylon ripstop'], ['recycled_polyester', 'Recycled polyester', 'Recycling-Polyester', 'Polyester recyclé'],
  ['canvas', 'Waxed canvas', 'Wachs-Canvas', 'Toile cirée'], ['down', 'Goose down', 'Gänsedaunen', 'Duvet d’oie'], ['steel', 'Stainless steel', 'Edelstahl', 'Acier inoxydable'],
  ['titanium', 'Titanium', 'Titan', 'Titane'], ['aluminium', 'Aluminum', 'Aluminium', 'Aluminium'], ['organic_cotton', 'Organic cotton', 'Bio-Baumwolle', 'Coton biologique'],
  ['merino', 'Merino wool', 'Merinowolle', 'Laine mérinos'], ['leather', 'Leather', 'Leder', 'Cuir'], ['wool', 'Wool', 'Wolle', 'Laine'], ['linen', 'Linen', 'Leinen', 'Lin'],
  ['enamel', 'Enamel', 'Emaille', 'Émail'], ['oak', 'Oak', 'Eichenholz', 'Chêne'], ['walnut', 'Walnut', 'Nussbaumholz', 'Noyer'],
  ['beeswax', 'Beeswax', 'Bienenwachs', 'Cire d’abeille'], ['willow', 'Willow', 'Weide', 'Osier'], ['arabica', 'Arabica', 'Arabica', 'Arabica'],
]);
export const cares = read([
  ['wash_30', 'Machine wash at 30 °C', 'Maschinenwäsche bei 30 °C', 'Lavage en machine à 30 °C'], ['hand_wash', 'Hand wash', 'Handwäsche', 'Lavage à la main'],
  ['wipe_clean', 'Wipe clean', 'Feucht abwischen', 'Essuyer avec un chiffon humide'], ['air_dry', 'Air dry', 'An der Luft trocknen', 'Sécher à l’air libre'],
  ['no_tumble', 'Do not tumble dry', 'Nicht in den Trockner geben', 'Pas de sèche-linge'], ['oil_yearly', 'Oil once a year', 'Einmal im Jahr ölen', 'Huiler une fois par an'],
  ['dishwasher', 'Dishwasher safe', 'Spülmaschinenfest', 'Passe au lave-vaisselle'], ['keep_cool', 'Keep cool and dry', 'Kühl und trocken lagern', 'Conserver au frais et au sec'],
]);
export const seasons = read([
  ['all_year', 'All year', 'Ganzjährig', 'Toute l’année'], ['spring', 'Spring', 'Frühling', 'Printemps'], ['summer', 'Summer', 'Sommer', 'Été'],
  ['autumn', 'Fall', 'Herbst', 'Automne'], ['winter', 'Winter', 'Winter', 'Hiver'],
]);
export const origins = read([
  ['pt', 'Portugal', 'Portugal', 'Portugal'], ['de', 'Germany', 'Deutschland', 'Allemagne'], ['fr', 'France', 'Frankreich', 'France'],
  ['no', 'Norway', 'Norwegen', 'Norvège'], ['it', 'Italy', 'Italien', 'Italie'], ['pe', 'Peru', 'Peru', 'Pérou'],
]);

/** Root, main categories, and below them the places of the product types. */
export const categoryRows: readonly (readonly [...Row, parent: string | null])[] = [
  ['master', 'Northlight shop', 'Northlight-Shop', 'Boutique Northlight', null],
  ['outdoor', 'Outdoor', 'Outdoor', 'Plein air', 'master'], ['apparel', 'Apparel', 'Bekleidung', 'Vêtements', 'master'], ['home', 'Home', 'Wohnen', 'Maison', 'master'],
  ['tents', 'Tents & Tarps', 'Zelte & Tarps', 'Tentes et bâches', 'outdoor'], ['packs', 'Packs', 'Rucksäcke', 'Sacs à dos', 'outdoor'],
  ['sleeping', 'Sleeping', 'Schlafen', 'Couchage', 'outdoor'], ['cooking', 'Camp Cooking', 'Camping-Küche', 'Cuisine de camp', 'outdoor'],
  ['lights', 'Lights', 'Licht', 'Éclairage de camp', 'outdoor'], ['trekking', 'Trekking & Climbing', 'Trekking & Klettern', 'Randonnée et escalade', 'outdoor'],
  ['jackets', 'Jackets', 'Jacken', 'Vestes', 'apparel'], ['tops', 'Tops', 'Oberteile', 'Hauts', 'apparel'], ['trousers', 'Trousers & Shorts', 'Hosen & Shorts', 'Pantalons et shorts', 'apparel'],
  ['accessories', 'Accessories', 'Accessoires', 'Accessoires', 'apparel'], ['footwear', 'Footwear', 'Schuhe', 'Chaussures', 'apparel'],
  ['textiles', 'Blankets & Cushions', 'Decken & Kissen', 'Couvertures et coussins', 'home'], ['kitchen', 'Kitchen', 'Küche', 'Cuisine', 'home'],
  ['lighting', 'Lamps & Candles', 'Leuchten & Kerzen', 'Lampes et bougies', 'home'], ['storage', 'Storage', 'Aufbewahrung', 'Rangement', 'home'],
  ['furniture', 'Furniture', 'Möbel', 'Meubles', 'home'], ['pantry', 'Pantry', 'Vorrat', 'Épicerie', 'home'],
];

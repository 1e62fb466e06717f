import { materials } from './options.ts';
import type { Locale, ProductType, Words } from './words.ts';

/** Composes names and descriptions in three languages; nouns bring their gender, so articles and adjectives agree. */

/** English, German (predicative, never inflected), French m, f, mp, fp. */
const traits: Readonly<Record<string, readonly [string, string, string, string, string, string]>> = {
  light: ['light', 'leicht', 'léger', 'légère', 'légers', 'légères'],
  waterproof: ['waterproof', 'wasserdicht', 'imperméable', 'imperméable', 'imperméables', 'imperméables'],
  compact: ['compact', 'kompakt', 'compact', 'compacte', 'compacts', 'compactes'],
  durable: ['durable', 'langlebig', 'durable', 'durable', 'durables', 'durables'],
  comfortable: ['comfortable', 'bequem', 'confortable', 'confortable', 'confortables', 'confortables'],
  warm: ['warm', 'warm', 'chaud', 'chaude', 'chauds', 'chaudes'],
  sturdy: ['sturdy', 'robust', 'robuste', 'robuste', 'robustes', 'robustes'],
  breathable: ['breathable', 'atmungsaktiv', 'respirant', 'respirante', 'respirants', 'respirantes'],
  soft: ['soft', 'weich', 'doux', 'douce', 'doux', 'douces'],
  beautiful: ['beautiful', 'formschön', 'élégant', 'élégante', 'élégants', 'élégantes'],
  aromatic: ['aromatic', 'aromatisch', 'aromatique', 'aromatique', 'aromatiques', 'aromatiques'],
  fresh: ['fresh', 'frisch', 'frais', 'fraîche', 'frais', 'fraîches'],
};
const frenchForm = { m: 2, f: 3, mp: 4, fp: 5 } as const;

const sentence = (en: string, de: string, fr: string): Words => ({ en_US: en, de_DE: de, fr_FR: fr });
const closings: Readonly<Record<ProductType['family'], readonly Words[]>> = {
  gear: [
    sentence('Made for long days far from the nearest road.', 'Gemacht für lange Tage weitab der nächsten Straße.', 'Pour les longues journées loin de toute route.'),
    sentence('Every part can be replaced or repaired.', 'Jedes Teil lässt sich ersetzen oder reparieren.', 'Chaque pièce peut être remplacée ou réparée.'),
    sentence('Packs small and is ready in minutes.', 'Klein verpackt und in wenigen Minuten bereit.', 'Se range dans un petit volume et s’installe en quelques minutes.'),
    sentence('Tested on three winters of Norwegian tours.', 'Erprobt auf Touren in drei norwegischen Wintern.', 'À l’épreuve de trois hivers de randonnées en Norvège.'),
  ],
  apparel: [
    sentence('Cut for movement, quiet in colour.', 'Geschnitten für Bewegung, zurückhaltend in der Farbe.', 'Une coupe pour le mouvement, des couleurs discrètes.'),
    sentence('Flat seams where straps and packs rub.', 'Flache Nähte, wo Träger und Rucksack reiben.', 'Des coutures plates là où frottent les bretelles.'),
    sentence('From the first frost to the last snow.', 'Vom ersten Frost bis zum letzten Schnee.', 'Des premières gelées aux dernières neiges.'),
  ],
  footwear: [
    sentence('Can be resoled twice in our workshop.', 'Zweimal neu besohlbar in unserer Werkstatt.', 'Deux ressemelages possibles dans notre atelier.'),
    sentence('A firm heel and room for the toes.', 'Fester Halt an der Ferse und Platz für die Zehen.', 'Un talon bien tenu et de la place pour les orteils.'),
  ],
  home: [
    sentence('Brings the calm of a cabin into the room.', 'Bringt die Ruhe einer Hütte ins Zimmer.', 'Apporte le calme d’une cabane dans la pièce.'),
    sentence('Grows more beautiful with the years.', 'Mit den Jahren immer schöner.', 'Sa beauté grandit avec les années.'),
    sentence('Made by hand in a small workshop.', 'Von Hand gefertigt in einer kleinen Werkstatt.', 'Fait main dans un petit atelier.'),
  ],
  food: [sentence('Roasted slowly and sold by the kilogram.', 'Langsam geröstet und nach Gewicht verkauft.', 'Torréfaction lente, vente au kilogramme.')],
};

/** `Alder Rain Jacket`, `Regenjacke Alder`, `Veste de pluie Alder`. */
export function nameOf(type: ProductType, collection: string): Words {
  return {
    en_US: `${collection} ${type.noun.en_US}`,
    de_DE: `${type.noun.de_DE} ${collection}`,
    fr_FR: `${type.noun.fr_FR} ${collection}`,
  };
}

/** Two or three plain sentences. `turn` chooses among the closings, `material` is an option code. */
export function descriptionOf(type: ProductType, collection: string, material: string, turn: number): Words {
  const closing = closings[type.family][turn % closings[type.family].length] as Words;
  const of = (locale: Locale): string => labelOf(material)[locale];
  const name = nameOf(type, collection);
  const plural = { en: /s$/.test(type.noun.en_US), de: type.de === 'p', fr: type.fr.endsWith('p') };
  const article = { m: 'Der', f: 'Die', n: 'Das', p: 'Die' }[type.de];
  return {
    en_US: `The ${name.en_US} ${plural.en ? 'are' : 'is'} ${list(type, 0, 'and')}. Material: ${of('en_US').toLowerCase()}. ${closing.en_US}`,
    de_DE: `${article} ${name.de_DE} ${plural.de ? 'sind' : 'ist'} ${list(type, 1, 'und')}. Material: ${of('de_DE')}. ${closing.de_DE}`,
    fr_FR: `${frenchArticle(type)}${name.fr_FR.charAt(0).toLowerCase()}${name.fr_FR.slice(1)} ${plural.fr ? 'sont' : 'est'} ${list(type, frenchForm[type.fr], 'et')}. Matière : ${of('fr_FR').toLowerCase()}. ${closing.fr_FR}`,
  };
}

/** One line for lists: the traits alone. */
export function summaryOf(type: ProductType): Words {
  const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
  return { en_US: capital(list(type, 0, 'and')), de_DE: capital(list(type, 1, 'und')), fr_FR: capital(list(type, frenchForm[type.fr], 'et')) };
}

function frenchArticle(type: ProductType): string {
  if (type.fr.endsWith('p')) return 'Les ';
  if (/^[aeiouyéèêâàîô]/i.test(type.noun.fr_FR)) return 'L’';
  return type.fr === 'm' ? 'Le ' : 'La ';
}

function list(type: ProductType, form: number, and: string): string {
  const words = type.traits.map((trait) => traits[trait]?.[form] ?? trait);
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${and} ${words.at(-1)}`;
}

function labelOf(material: string): Words {
  const found = materials.find((option) => option.code === material);
  if (found === undefined) throw new Error(`no such material: ${material}`);
  return found.labels;
}

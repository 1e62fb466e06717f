import { shopGtin } from '../gtin.ts';
import { colours } from './options.ts';
import type { PlannedProduct } from './plan.ts';

/**
 * The cases that break naive code, kept on purpose and named here. Each is a regular product with something awkward:
 * see `sandbox/seeds/README.md`. Also: `REP-KIT` (ERP only), `PIM-ONLY-001` (PIM only), both built beside this list.
 */
export function oddProducts(regular: readonly PlannedProduct[]): PlannedProduct[] {
  const like = (code: string): PlannedProduct => {
    const found = regular.find((product) => product.code === code);
    if (found === undefined) throw new Error(`no product ${code} to imitate`);
    return found;
  };
  const single = (sku: string, serial: number | null, grams = 400): PlannedProduct['variants'] => [
    { sku, gtin: serial === null ? null : shopGtin(serial), colour: null, size: null, grams },
  ];
  const named = (name: string): PlannedProduct['name'] => ({ en_US: name, de_DE: name, fr_FR: name });
  return [
    { ...like('TRP-ALD'), code: 'ODD-QUOTE', name: { en_US: 'Alder "Storm" Tarp <3 x 3 m> & Guy Lines', de_DE: 'Tarp Alder „Sturm“ <3 x 3 m> & Abspannleinen', fr_FR: 'Bâche Alder « Tempête » <3 x 3 m> & haubans' }, variants: single('ODD-QUOTE', 900_000_001) },
    { ...like('MUG-ALD'), code: 'MUG/ENA 01', type: { ...like('MUG-ALD').type, axes: 'none' }, name: named('O’Hara’s Café Crème'), fill: colours[6]!.hex, variants: single('MUG/ENA 01', 900_000_002, 150) },
    { ...like('CDL-ALD'), code: 'ODD-NOGTIN', name: { en_US: 'Workshop Candle, unlabelled', de_DE: 'Werkstattkerze ohne Etikett', fr_FR: 'Bougie d’atelier sans étiquette' }, variants: single('ODD-NOGTIN', null) },
    { ...like('STV-ALD'), code: 'ODD-ARCHIVED', name: { en_US: 'Retired Stove', de_DE: 'Ausgelaufener Kocher', fr_FR: 'Réchaud retiré' }, enabled: false, variants: single('ODD-ARCHIVED', 900_000_003) },
    { ...like('LNT-ALD'), code: 'ODD-ZERO-PRICE', name: { en_US: 'Free Sample Lantern', de_DE: 'Gratismuster Laterne', fr_FR: 'Lanterne échantillon gratuit' }, price: '0.00', cost: '4.20', variants: single('ODD-ZERO-PRICE', 900_000_004) },
    { ...like('BSK-ALD'), code: 'ODD-LONG', untranslated: true, name: named('Basket '.repeat(24).trim()), variants: single('ODD-LONG', 900_000_005) },
    { ...like('STL-ALD'), code: 'ODD-UTF8', name: { en_US: 'Stool “Þórshöfn” 木 🪑', de_DE: 'Hocker „Þórshöfn“ 木 🪑', fr_FR: 'Tabouret « Þórshöfn » 木 🪑' }, variants: single('ODD-UTF8', 900_000_006) },
    { ...like('BSK-BIR'), code: 'SET-CAMP', name: { en_US: 'Camp Kitchen Set', de_DE: 'Camping-Küchenset', fr_FR: 'Set de cuisine de camp' }, price: '119.00', cost: '61.00', variants: single('SET-CAMP', 900_000_007, 1600) },
    { ...like('BSK-COR'), code: 'SET-COFFEE', name: { en_US: 'Morning Coffee Set', de_DE: 'Set für den Morgenkaffee', fr_FR: 'Set café du matin' }, price: '79.00', cost: '38.00', variants: single('SET-COFFEE', 900_000_008, 900) },
  ];
}

import type { SeedAddress, SeedCustomer } from '../../engine/seed-types.ts';
import { chanceOf } from '../random.ts';

/** Forty-two customers: persons and companies; e-mails end in .example and phone numbers are reserved for fiction. */

const persons = 'Amelia Hart|Jonas Weber|Camille Laurent|Nora Lindqvist|Owen Blake|Lea Brandt|Hugo Marchand|Ines Duarte|Mateo Rossi|Zoë de Vries|Siân Llewellyn|Björn Åkesson|Anaïs Lefèvre|Mary-Jane O’Neill|Tomasz Wójcik|Ava Nguyen|Paul Fischer|Clara Neumann|Louis Moreau|Emma Girard|Felix Krüger|Sofia Marino|Ethan Cole|Mila Novak|Noah Bennett|Ida Sørensen|Theo Schmitt|Julia "Jules" Park'.split('|');
const companies = 'Nordwind Touristik GmbH|Alpine Refuge SAS|Cascade Guides LLC|Hüttenwirt & Söhne KG|Maison Lacroix SARL|Blue Ridge Outfitters Inc|Harbor Hotels Group|Kollektiv Draußen e.V.|Café Sept Lieues|Camp Juniper Foundation|Ostsee Ferienhäuser eG|Auberge des Brumes SARL|Pine Street Interiors|Trail & Table Co.'.split('|');

type Town = readonly [street: string, postalCode: string, city: string, country: string];
const towns: readonly Town[] = [
  ['Elm Street', '97201', 'Portland', 'US'], ['Lindenallee', '10115', 'Berlin', 'DE'], ['Rue des Tilleuls', '38000', 'Grenoble', 'FR'], ['Pearl Street', '80302', 'Boulder', 'US'],
  ['Hafenstraße', '20457', 'Hamburg', 'DE'], ['Quai des Brumes', '74000', 'Annecy', 'FR'], ['Maple Avenue', '05401', 'Burlington', 'US'],
];

export function sampleCustomers(): SeedCustomer[] {
  return [...companies.map(companyOf), ...persons.map(personOf)];
}

function companyOf(name: string, index: number): SeedCustomer {
  const chance = chanceOf(`company:${name}`);
  const home = addressOf(index + 1, chance.between(1, 120));
  return {
    code: `C${String(1001 + index)}`, name, kind: 'company', email: `purchasing@${domainOf(name)}.example`, phone: phoneOf(home.country, index),
    vat: home.country === 'DE' ? `DE${String(810_000_000 + index * 7_919)}` : null, address: home,
    deliveryAddresses: Array.from({ length: 1 + (index % 3) }, (_, at) => ({ ...addressOf(index + 1 + at * 3, chance.between(1, 120)), name: `${name}, site ${at + 1}` })),
    priceList: index === 0 ? 'CONTRACT-NORDWIND' : home.country === 'US' || index % 2 === 0 ? 'WHOLESALE' : 'EUROPE',
    creditLimit: index % 5 === 4 ? null : String((1 + (index % 6)) * 5000),
  };
}

function personOf(name: string, index: number): SeedCustomer {
  const home = addressOf(index + 2, 1 + ((index * 17) % 140));
  const employer = index % 7 === 3 ? `C${String(1001 + index % companies.length)}` : null;
  return {
    code: `C${String(2001 + index)}`, name, kind: 'person', email: `${domainOf(name).replace(/-/g, '.')}@mail.example`, phone: phoneOf(home.country, 50 + index),
    address: home, companyCode: employer, priceList: home.country === 'US' ? null : 'EUROPE', ...(index === 27 && { active: false }),
  };
}

function addressOf(index: number, house: number): SeedAddress {
  const [street, postalCode, city, country] = towns[index % towns.length] as Town;
  return { street: country === 'DE' ? `${street} ${house}` : `${house} ${street}`, postalCode, city, country };
}

/** Numbers the regulators keep for film and fiction. */
function phoneOf(country: string, index: number): string {
  const last = String(index).padStart(2, '0');
  if (country === 'DE') return `+49 30 23125 0${last}`;
  return country === 'FR' ? `+33 1 99 00 ${last} ${last}` : `+1 503 555 01${last}`;
}

function domainOf(name: string): string {
  return name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/ø/g, 'o').replace(/ß/g, 'ss').replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
}

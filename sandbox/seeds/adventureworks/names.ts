import { commaCells, type Tables } from './tables.ts';

/**
 * Person.csv is not in the data, so names are gathered where else they stand: the 2,057 persons of the dbt copy, the
 * 12,427 buyers of the online orders (by e-mail), and at last the e-mail address itself (`christy12@` -> `Christy`).
 */
export type NameSource = 'person.csv of the dbt copy' | 'online orders, by e-mail' | 'e-mail address' | 'none';
export interface PersonName { readonly name: string; readonly source: NameSource }

/** Looks a person up by BusinessEntityID, then by e-mail. */
export function readNames(tables: Tables): (personId: string, email: string | undefined) => PersonName {
  const byId = personNames(tables.extra('orders2011_headers_dbt/person.csv'));
  const byEmail = new Map<string, string>();
  for (const year of ['2019', '2020', '2021']) {
    for (const [, , , name, email] of commaCells(tables.extra(`online_orders_dpdata/${year}.csv`) ?? '')) {
      if (name !== undefined && email !== undefined) byEmail.set(email.toLowerCase(), name);
    }
  }
  return (personId, email) => {
    const person = byId.get(personId);
    if (person !== undefined) return { name: person, source: 'person.csv of the dbt copy' };
    const buyer = email === undefined ? undefined : byEmail.get(email.toLowerCase());
    if (buyer !== undefined) return { name: buyer, source: 'online orders, by e-mail' };
    const local = email === undefined ? '' : email.slice(0, email.indexOf('@')).replace(/\d+$/, '');
    if (local === '') return { name: `Person ${personId}`, source: 'none' };
    return { name: local.charAt(0).toUpperCase() + local.slice(1), source: 'e-mail address' };
  };
}

function personNames(text: string | undefined): Map<string, string> {
  const [header = [], ...rows] = commaCells(text ?? '');
  const [id, first, middle, last, suffix] = ['businessentityid', 'firstname', 'middlename', 'lastname', 'suffix'].map((name) => header.indexOf(name));
  return new Map(rows.map((row) => [
    row[id!] ?? '', [first, middle, last, suffix].map((at) => mendTwiceEncoded(row[at!] ?? '')).filter((part) => part !== '').join(' '),
  ]));
}

/** The copy was written as UTF-8, read as Windows-1252 and written as UTF-8 again: `SÃ¡nchez`. */
export function mendTwiceEncoded(text: string): string {
  if (!/[\u0080-\uffff]/.test(text)) return text;
  const bytes = [...text].map((letter) => ansiByte.get(letter) ?? letter.codePointAt(0)!);
  if (bytes.some((byte) => byte > 0xff)) return text;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes));
  } catch {
    return text;
  }
}

/** Windows-1252 letters of the bytes 0x80 to 0x9f, back to their byte. */
const ansiByte = new Map(Array.from({ length: 32 }, (_, index) => [new TextDecoder('windows-1252').decode(Uint8Array.of(0x80 + index)), 0x80 + index] as const));

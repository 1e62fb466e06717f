import type { Sql } from '../../platform/stores/sql.ts';
import { pickText } from './locale.ts';
import type { PublishedProduct } from './projection.ts';
import { handleCandidates } from './slug.ts';

/**
 * Handles of these products, giving one to those without. A handle stays with its product for ever, also while the
 * product is not shown; a product that takes over the SKUs of one that ends inherits its handle, so that links survive
 * when the PIM's content arrives after the ERP's item.
 */
export async function assignHandles(tx: Sql, products: readonly PublishedProduct[], ending: readonly string[]): Promise<ReadonlyMap<string, { handle: string; givenAt: string }>> {
  await inheritHandles(tx, products, ending);
  const codes = products.map((product) => product.code);
  const given = new Set((await readHandles(tx, codes)).map((row) => row.product_code));
  const fresh = products.filter((product) => !given.has(product.code));
  if (fresh.length > 0) await giveHandles(tx, fresh);
  return new Map((await readHandles(tx, codes)).map((row) => [row.product_code, { handle: row.handle, givenAt: row.given_at }]));
}

interface HandleRow {
  readonly product_code: string;
  readonly handle: string;
  readonly given_at: string;
}

const readHandles = (tx: Sql, codes: readonly string[]): Promise<readonly HandleRow[]> =>
  tx.query<HandleRow>('select product_code, handle, given_at from catalog.handle where product_code = any($1)', [codes]);

async function inheritHandles(tx: Sql, products: readonly PublishedProduct[], ending: readonly string[]): Promise<void> {
  if (ending.length === 0) return;
  const homes = products.flatMap(({ code, variants }) => variants.map(({ sku }) => ({ code, sku })));
  await tx.run(
    `update catalog.handle h set product_code = heir.code from (
       select distinct on (v.product_code) v.product_code, r.code from catalog.variant v
       join jsonb_to_recordset($1::jsonb) as r(code text, sku text) using (sku)
       where v.product_code = any($2) and not exists (select from catalog.handle k where k.product_code = r.code)
       order by v.product_code, r.sku
     ) heir
     where h.product_code = heir.product_code
       and heir.product_code = (select min(o.product_code) from catalog.variant o join jsonb_to_recordset($1::jsonb) as s(code text, sku text) using (sku)
                                where s.code = heir.code and o.product_code = any($2))`,
    [JSON.stringify(homes), ending],
  );
}

const TRIES = 4;

async function giveHandles(tx: Sql, products: readonly PublishedProduct[]): Promise<void> {
  const wishes = products.map(({ code, name, sourceLocale }) => {
    const candidates = handleCandidates(pickText(name, null, sourceLocale) ?? code, code);
    return { code, candidates, first: Array.from({ length: TRIES }, () => candidates.next().value as string) };
  });
  const taken = await readTaken(tx, wishes.flatMap((wish) => wish.first));
  const rows: { code: string; handle: string }[] = [];
  for (const { code, first, candidates } of wishes) {
    let handle = first.find((candidate) => !taken.has(candidate));
    while (handle === undefined) {
      const next = candidates.next().value as string;
      if (!taken.has(next) && !(await readTaken(tx, [next])).has(next)) handle = next;
    }
    taken.add(handle);
    rows.push({ code, handle });
  }
  await tx.run('insert into catalog.handle (product_code, handle) select code, handle from jsonb_to_recordset($1::jsonb) as r(code text, handle text)', [JSON.stringify(rows)]);
}

const readTaken = async (tx: Sql, handles: readonly string[]): Promise<Set<string>> =>
  new Set((await tx.query<{ handle: string }>('select handle from catalog.handle where handle = any($1)', [handles])).map((row) => row.handle));

import type { ChangeEvent } from '../../domain/events.ts';
import { topicOf } from '../../domain/events.ts';
import type { Instant } from '../../domain/time.ts';
import { announce } from '../../platform/outbox.ts';
import type { Sql } from '../../platform/stores/sql.ts';
import { fingerprint } from './fingerprint.ts';
import { assignHandles } from './handles.ts';
import { homeOf, projectProduct, type PublishedProduct, type SkuSources } from './projection.ts';
import { readAffectedCodes, readContents, readMembers, readPublished, removeProducts, removeStrayVariants, writeProducts, writeVariants } from './publication-store.ts';
import { SCHEMA } from './schema.sql.ts';
import { indexProducts } from './search-index.ts';
import { internTags, tagsOf } from './tags.ts';
import { recordWithheld } from './withheld.ts';

export interface Publication {
  readonly tx: Sql;
  readonly at: Instant;
  /**
   * Whether a SKU without PIM content may be shown by its ERP name. Not before the PIM has been read once: every
   * product would flash up under its ERP name and take the handle with it.
   */
  readonly showsBareItems: boolean;
}

/**
 * Feeds run side by side; each sees what the others have committed only because their writes take turns. Held to the
 * end of the transaction.
 */
export async function takeTurn(tx: Sql): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', ['catalog publication']);
}

/** Brings everything shown of these SKUs and PIM products up to date with the sources. Answers how many products changed. */
export async function publish(publication: Publication, skus: readonly string[], productCodes: readonly string[]): Promise<number> {
  const { tx } = publication;
  if (skus.length === 0 && productCodes.length === 0) return 0;
  const codes = await readAffectedCodes(tx, skus, productCodes);
  const members = await readMembers(tx, codes);
  const contents = await readContents(tx, [...codes, ...members.flatMap(({ content }) => content?.productCode ?? [])]);
  const published = await readPublished(tx, codes);
  const byHome = Map.groupBy(members, (member: SkuSources) => homeOf(member, contents));
  const shown: PublishedProduct[] = [];
  const ending: string[] = [];
  for (const code of codes) {
    const content = contents.get(code) ?? null;
    if (!content && !publication.showsBareItems && !published.has(code)) continue;
    const product = projectProduct(code, content, byHome.get(code) ?? []);
    if (product) shown.push(product);
    else if (published.has(code)) ending.push(code);
  }
  const changed = shown.map((product) => ({ product, fingerprint: fingerprint(product) })).filter((next) => published.get(next.product.code) !== next.fingerprint);
  if (await write(tx, changed, ending)) await announceDirectory(publication);
  await recordWithheld(tx, members.map(({ item }) => item.sku).concat(skus), codes);
  await announceProducts(publication, [...changed.map(({ product }) => product.code), ...ending]);
  return changed.length + ending.length;
}

/** Answers whether a locale was met for the first time. */
async function write(tx: Sql, changed: readonly { product: PublishedProduct; fingerprint: string }[], ending: readonly string[]): Promise<boolean> {
  const products = changed.map(({ product }) => product);
  if (products.length > 0) {
    const handles = await assignHandles(tx, products, ending);
    // Before the heirs are written: a handle belongs to one shown product at a time.
    await removeProducts(tx, ending);
    const tagIds = await internTags(tx, products.flatMap(tagsOf));
    await writeProducts(tx, changed.map((next) => ({ ...next, ...handles.get(next.product.code)! })), tagIds);
    await writeVariants(tx, products);
    await removeStrayVariants(tx, products);
    return indexProducts(tx, products);
  }
  await removeProducts(tx, ending);
  return false;
}

export async function announceProducts({ tx, at }: Publication, codes: readonly string[]): Promise<void> {
  const events = codes.map((productCode): ChangeEvent => ({ type: 'product.changed', productCode, at }));
  await announce(tx, SCHEMA, events.map((payload) => ({ topic: topicOf(payload.type), payload })));
}

/** Labels, categories or locales are others by now: no product changed, and all are shown differently. */
export async function announceDirectory({ tx, at }: Pick<Publication, 'tx' | 'at'>): Promise<void> {
  const payload: ChangeEvent = { type: 'product.directoryChanged', at };
  await announce(tx, SCHEMA, [{ topic: topicOf(payload.type), payload }]);
}

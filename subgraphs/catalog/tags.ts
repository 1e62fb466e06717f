import type { AttributeValue, Localized } from '../../domain/catalog.ts';
import type { Sql } from '../../platform/stores/sql.ts';
import { storableJson } from './fingerprint.ts';
import { ANY_LOCALE } from './locale.ts';
import type { PublishedProduct } from './projection.ts';

/** One value of one attribute, as a filter names it. */
export interface Tag {
  readonly code: string;
  readonly value: string;
  readonly label: Localized;
}

/** Prose is no facet. */
const MAX_VALUE_LENGTH = 64;
const MAX_VALUES = 50;

/** Attribute values of a product and its variants, each once. Which of them filter is decided when asked. */
export function tagsOf({ attributes, variants }: PublishedProduct): Tag[] {
  const tags = new Map<string, Tag>();
  for (const attribute of [...attributes, ...variants.flatMap((variant) => variant.attributes)]) {
    for (const tag of valueTags(attribute)) tags.set(tagKey(tag), tag);
  }
  return [...tags.values()];
}

export const tagKey = ({ code, value }: Pick<Tag, 'code' | 'value'>): string => `${code}\0${value}`;

function valueTags({ code, values, text }: AttributeValue): Tag[] {
  if (values.length > MAX_VALUES) return [];
  return values.flatMap((value, index) => (value === '' || value.length > MAX_VALUE_LENGTH ? [] : [{ code, value, label: labelAt(text, values.length, index, value) }]));
}

/** A multi-select's text joins its labels with commas; where it does not split evenly the code is the label. */
function labelAt(text: Localized, count: number, index: number, value: string): Localized {
  const labels = Object.entries(text).flatMap(([locale, joined]): [string, string][] => {
    const parts = count === 1 ? [joined] : joined.split(', ');
    return parts.length === count && parts[index] ? [[locale, parts[index]]] : [];
  });
  return labels.length > 0 ? Object.fromEntries(labels) : { [ANY_LOCALE]: value };
}

/** Numbers for tags, given once: a product row carries integers instead of texts. Answers id by `tagKey`. */
export async function internTags(tx: Sql, tags: readonly Tag[]): Promise<ReadonlyMap<string, number>> {
  const distinct = [...new Map(tags.map((tag) => [tagKey(tag), tag])).values()].sort((a, b) => (tagKey(a) < tagKey(b) ? -1 : 1));
  if (distinct.length === 0) return new Map();
  const page = storableJson(distinct);
  await tx.run(
    `insert into catalog.tag as t (code, value, label) select code, value, label from json_to_recordset($1::json) as r(code text, value text, label json)
     where not exists (select from catalog.tag k where k.code = r.code and k.value = r.value and k.label::text = r.label::text)
     on conflict (code, value) do update set label = excluded.label`,
    [page],
  );
  const rows = await tx.query<{ id: number; code: string; value: string }>(
    'select t.id, t.code, t.value from catalog.tag t join json_to_recordset($1::json) as r(code text, value text) using (code, value)',
    [page],
  );
  return new Map(rows.map((row) => [tagKey(row), row.id]));
}

import { byId, partyByCode } from './lookups.ts';
import { Rejection } from './part.ts';
import type { ErpTables } from './tables.ts';

export function createTag(tables: ErpTables, args: { readonly name?: string; readonly parentId?: number | null }): { readonly tagId: number } {
  if (!args.name) throw new Rejection('invalid', 'Tags require a name');
  const parentId = args.parentId ?? null;
  if (parentId !== null) byId(tables.tags, parentId, 'tag');
  return { tagId: tables.tags.insert({ name: args.name, parentId }).id };
}

/** Takes a tag away, and off whoever had it. */
export function removeTag(tables: ErpTables, { tagId }: { readonly tagId: number }): true {
  const tag = byId(tables.tags, tagId, 'tag');
  for (const party of [...tables.parties.all()]) {
    if (party.tagIds?.includes(tag.id)) tables.parties.update(party.id, { tagIds: party.tagIds.filter((id) => id !== tag.id) });
  }
  tables.tags.remove(tag.id);
  return true;
}

/** Says which groups a customer is in: `{ customer, tags }`, by code and by name; tags are made as needed. */
export function tagCustomer(tables: ErpTables, args: { readonly customer?: unknown; readonly tags?: unknown }): { readonly customer: string; readonly tags: readonly number[] } {
  if (!Array.isArray(args.tags) || args.tags.some((name) => typeof name !== 'string' || name === '')) throw new Rejection('invalid', 'tags must be a list of names');
  const party = partyByCode(tables, String(args.customer));
  const tagIds = (args.tags as string[]).map((name) => tables.tags.first('name', name)?.id ?? createTag(tables, { name }).tagId);
  tables.parties.update(party.id, { tagIds });
  return { customer: party.code!, tags: tagIds };
}

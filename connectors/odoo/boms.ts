import type { CallContext } from '../../domain/connector.ts';
import type { Instant } from '../../domain/time.ts';
import type { OdooClient } from './client.ts';
import { datetimeOf, idOf } from './convert.ts';
import { ARCHIVED_TOO, readAll, readByIds, type Domain } from './paging.ts';
import type { OdooAttributeValueRow, OdooBomLineRow, OdooBomRow, OdooKitProductRow } from './wire.ts';

/*
 * Kits are bills of materials of the type "phantom": sold under one SKU, moved as their components. The model comes with
 * the module mrp; a server without it has no kits.
 */

/** As far as bills of materials look at a product. */
export type BomProduct = Pick<OdooKitProductRow, 'id' | 'product_tmpl_id' | 'product_template_attribute_value_ids'>;

export interface Boms {
  readonly byTemplate: ReadonlyMap<number, readonly OdooBomRow[]>;
  readonly linesByBom: ReadonlyMap<number, readonly OdooBomLineRow[]>;
  /** Components, at every depth. */
  readonly products: ReadonlyMap<number, OdooKitProductRow>;
  /** Which attribute a value is of. */
  readonly attributeByValue: ReadonlyMap<number, number>;
}

const NO_BOMS: Boms = { byTemplate: new Map(), linesByBom: new Map(), products: new Map(), attributeByValue: new Map() };

const BOM_COLUMNS = ['product_tmpl_id', 'product_id', 'product_qty', 'product_uom_id', 'sequence'];
const LINE_COLUMNS = ['bom_id', 'product_id', 'product_qty', 'product_uom_id', 'bom_product_template_attribute_value_ids'];
const COMPONENT_COLUMNS = ['default_code', 'product_tmpl_id', 'type', 'is_storable', 'uom_id', 'product_template_attribute_value_ids'] as const;

const hasBoms = (client: OdooClient, call: CallContext): Promise<boolean> => client.hasModel('mrp.bom', call);

const phantom = ({ settings }: OdooClient): Domain =>
  [['type', '=', 'phantom'], ...(settings.companyId === undefined ? [] : [['company_id', 'in', [false, settings.companyId]] as const])];

/** The active phantom bills of these templates, in Odoo's order of choice: sequence, those of one variant first, id. */
export async function readPhantomBoms(client: OdooClient, templates: readonly number[], call: CallContext): Promise<readonly OdooBomRow[]> {
  if (templates.length === 0 || !(await hasBoms(client, call))) return [];
  const rows = await readAll<OdooBomRow>(client, { model: 'mrp.bom', columns: BOM_COLUMNS, domain: [['product_tmpl_id', 'in', templates], ...phantom(client)] }, call);
  const rank = (bom: OdooBomRow): number => (bom.product_id === false ? 1 : 0);
  return [...rows].sort((a, b) => a.sequence - b.sequence || rank(a) - rank(b) || a.id - b.id);
}

/** The bill a product is made by; undefined: it is no kit. */
export const bomOf = (product: Pick<BomProduct, 'id'>, boms: readonly OdooBomRow[]): OdooBomRow | undefined =>
  boms.find(({ product_id }) => product_id === false || idOf(product_id) === product.id);

/** The bills of these products and of all their components, level by level; each template is asked for once, so cycles end. */
export async function readBoms(client: OdooClient, products: readonly BomProduct[], call: CallContext): Promise<Boms> {
  const found = { boms: [] as OdooBomRow[], lines: [] as OdooBomLineRow[], products: new Map<number, OdooKitProductRow>() };
  const asked = new Set<number>();
  for (let level = products; level.length > 0; ) {
    const templates = [...new Set(level.map((product) => idOf(product.product_tmpl_id)))].filter((id) => !asked.has(id));
    for (const id of templates) asked.add(id);
    const boms = await readPhantomBoms(client, templates, call);
    if (boms.length === 0) break;
    const lines = await readAll<OdooBomLineRow>(client, { model: 'mrp.bom.line', columns: LINE_COLUMNS, domain: [['bom_id', 'in', boms.map(({ id }) => id)]] }, call);
    found.boms.push(...boms);
    found.lines.push(...lines);
    const fresh = await readByIds<OdooKitProductRow>(client, 'product.product', lines.map((line) => idOf(line.product_id)).filter((id) => !found.products.has(id)), COMPONENT_COLUMNS, call);
    for (const [id, row] of fresh) found.products.set(id, row);
    level = [...fresh.values()];
  }
  if (found.boms.length === 0) return NO_BOMS;
  return {
    byTemplate: Map.groupBy(found.boms, (bom) => idOf(bom.product_tmpl_id)),
    linesByBom: Map.groupBy(found.lines, (line) => idOf(line.bom_id)),
    products: found.products,
    attributeByValue: await readAttributes(client, found.lines, call),
  };
}

async function readAttributes(client: OdooClient, lines: readonly OdooBomLineRow[], call: CallContext): Promise<ReadonlyMap<number, number>> {
  const ids = lines.flatMap((line) => line.bom_product_template_attribute_value_ids);
  const values = await readByIds<OdooAttributeValueRow>(client, 'product.template.attribute.value', ids, ['attribute_id'], call);
  return new Map([...values].map(([id, { attribute_id }]) => [id, idOf(attribute_id)]));
}

/**
 * Templates of kits, all of them, when any bill was written since: a change below shows in every kit above it, and who is
 * above whom is known only by reading all. What was deleted since leaves no trace: the daily full pass finds it.
 */
export async function kitsChangedSince(client: OdooClient, since: Instant, call: CallContext): Promise<readonly number[]> {
  if (!(await hasBoms(client, call))) return [];
  const written: Domain = ['|', ['write_date', '>=', datetimeOf(since)], ['bom_line_ids.write_date', '>=', datetimeOf(since)]];
  const changed = await client.read<number>({ model: 'mrp.bom', method: 'search_count', args: { domain: [ARCHIVED_TOO, ...phantom(client), ...written] } }, call);
  if (changed === 0) return [];
  const all = await readAll<OdooBomRow>(client, { model: 'mrp.bom', columns: ['product_tmpl_id'], domain: [ARCHIVED_TOO, ...phantom(client)] }, call);
  return [...new Set(all.map((bom) => idOf(bom.product_tmpl_id)))];
}

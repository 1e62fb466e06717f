import type { Desk } from './targets.ts';

/** What the suites do in an ERP that speaks Odoo, beside the connector; whatever is made is taken away again. */

export const idBy = async (desk: Desk, model: string, field: string, value: string): Promise<number> => {
  const [id] = await desk<number[]>(model, 'search', { domain: [[field, '=', value]], limit: 1 });
  if (id === undefined) throw new Error(`no ${model} with ${field} ${value}`);
  return id;
};

export const productId = (desk: Desk, sku: string): Promise<number> => idBy(desk, 'product.product', 'default_code', sku);

async function templateOf(desk: Desk, sku: string): Promise<number> {
  const [row] = await desk<{ product_tmpl_id: [number, string] }[]>('product.product', 'read', { ids: [await productId(desk, sku)], fields: ['product_tmpl_id'] });
  return row!.product_tmpl_id[0];
}

export interface Demand {
  readonly sku: string;
  readonly quantity: number;
  readonly warehouse: string;
  /** "2026-11-30", at noon. */
  readonly on: string;
}

/** Runs `work` while a customer wants goods by a day. */
export async function withDemand<T>(desk: Desk, { sku, quantity, warehouse, on }: Demand, work: () => Promise<T>): Promise<T> {
  const [order] = await desk<number[]>('sale.order', 'create', { vals_list: [{
    partner_id: await idBy(desk, 'res.partner', 'ref', 'C-1001'), client_order_ref: `demand ${on}`, commitment_date: `${on} 12:00:00`,
    warehouse_id: await idBy(desk, 'stock.warehouse', 'code', warehouse), order_line: [[0, 0, { product_id: await productId(desk, sku), product_uom_qty: quantity }]],
  }] });
  try {
    await desk('sale.order', 'action_confirm', { ids: [order] });
    return await work();
  } finally {
    await desk('sale.order', 'action_cancel', { ids: [order], context: { disable_cancel_warning: true } });
  }
}

export interface KitPart {
  readonly sku: string;
  readonly quantity: number;
  /** Name of the unit it is counted in; its own unless given. */
  readonly unit?: string;
}

/** Whether the server has bills of materials at all. */
export const makesKits = (desk: Desk): Promise<boolean> => desk('mrp.bom', 'search_count', { domain: [] }).then(() => true, () => false);

/** Makes an item a kit; `makes`: how many one run gives. Answers the id of its bill of materials. */
export async function makeKit(desk: Desk, sku: string, parts: readonly KitPart[], makes = 1): Promise<number> {
  const lines = await Promise.all(parts.map(async (part) => [0, 0, {
    product_id: await productId(desk, part.sku), product_qty: part.quantity, ...(part.unit !== undefined && { product_uom_id: await idBy(desk, 'uom.uom', 'name', part.unit) }),
  }]));
  const [bom] = await desk<number[]>('mrp.bom', 'create', { vals_list: [{ product_tmpl_id: await templateOf(desk, sku), type: 'phantom', product_qty: makes, bom_line_ids: lines }] });
  return bom!;
}

export const dropKits = async (desk: Desk, boms: readonly number[]): Promise<void> => {
  for (const bom of [...boms].reverse()) await desk('mrp.bom', 'unlink', { ids: [bom] });
};

/** Runs `work` while an item is sold by a box of twelve too. */
export async function withBoxes<T>(desk: Desk, sku: string, work: (unit: string) => Promise<T>): Promise<T> {
  const name = 'BOX of the tests';
  const [known] = await desk<number[]>('uom.uom', 'search', { domain: [['name', '=', name]] });
  const box = known ?? (await desk<number[]>('uom.uom', 'create', { vals_list: [{ name, relative_factor: 12, relative_uom_id: await idBy(desk, 'uom.uom', 'name', 'Units') }] }))[0]!;
  const template = await templateOf(desk, sku);
  await desk('product.template', 'write', { ids: [template], vals: { uom_ids: [[6, 0, [box]]] } });
  try {
    return await work(name);
  } finally {
    await desk('product.template', 'write', { ids: [template], vals: { uom_ids: [[6, 0, []]] } });
  }
}

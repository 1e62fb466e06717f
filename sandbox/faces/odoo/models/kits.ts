import { big, text } from '../../../engine/decimal.ts';
import { sizeOf } from '../../../engine/kits.ts';
import type { Bom, BomLine, Unit } from '../../../engine/rows.ts';
import type { ErpTables } from '../../../engine/tables.ts';
import { boolean, char, float, integer, many, many2one, model, selection, type Call, type Model } from '../field.ts';
import { checkFields, given, idOf, numberText, readCommands, type Columns } from '../writing.ts';

/** Units of measure, and the bills of materials of the module mrp. */
export function kitModels(tables: ErpTables): Model[] {
  return [unitModel(tables), bomModel(tables), bomLineModel(tables)];
}

const UNIT: Columns = { name: ['name', String], relative_factor: ['factor', numberText], relative_uom_id: ['relativeToId', idOf] };

function unitModel(tables: ErpTables): Model {
  const above = (row: Unit): Unit | undefined => (row.relativeToId == null ? undefined : tables.units.get(row.relativeToId));
  const path = (row: Unit): string => `${above(row) === undefined ? '' : path(above(row)!)}${String(row.id)}/`;
  return model<Unit>({
    name: 'uom.uom', table: tables.units, order: 'id', displayName: (row) => row.name,
    fields: {
      name: char((row) => row.name), rounding: float((row) => row.rounding), factor: float(sizeOf), active: boolean(() => true), parent_path: char(path),
      relative_factor: float((row) => (above(row) === undefined ? '1' : text(big(sizeOf(row)).div(sizeOf(above(row)!))))),
      relative_uom_id: many2one('uom.uom', (row) => row.relativeToId ?? null),
    },
    create: ({ engine }, values) => (engine.execute('erp/create-unit', given(values, UNIT)) as { unitId: number }).unitId,
  });
}

const BOM: Columns = {
  product_tmpl_id: ['itemId', Number], product_id: ['variantId', idOf], product_qty: ['quantity', numberText], product_uom_id: ['unitId', Number], type: ['kind', String], active: ['active', Boolean],
};
const LINE: Columns = { product_id: ['variantId', Number], product_qty: ['quantity', numberText], product_uom_id: ['unitId', Number] };

function createBom(call: Call, values: Readonly<Record<string, unknown>>): number {
  const lines = readCommands(values['bom_line_ids']).flatMap((command) => {
    if (command.kind !== 'create') return [];
    checkFields(call.models.get('mrp.bom.line')!, command.values);
    return [{ quantity: '1', ...given(command.values, LINE) }];
  });
  return (call.engine.execute('erp/create-bom', { ...given(values, BOM), lines }) as { bomId: number }).bomId;
}

function bomModel(tables: ErpTables): Model {
  const itemName = (row: Bom): string => tables.items.get(row.itemId)!.name;
  return model<Bom>({
    name: 'mrp.bom', table: tables.boms, order: 'sequence, id', displayName: itemName, create: createBom,
    write: ({ engine }, bomId, values) => void engine.execute('erp/update-bom', { bomId, ...given(values, { active: ['active', Boolean], type: ['kind', String], product_qty: ['quantity', numberText] }) }),
    unlink: ({ engine }, bomId) => void engine.execute('erp/remove-bom', { bomId }),
    fields: {
      product_tmpl_id: many2one('product.template', (row) => row.itemId, 'itemId'), product_id: many2one('product.product', (row) => row.variantId), type: selection((row) => row.kind), sequence: integer((row) => row.sequence),
      product_qty: float((row) => row.quantity), product_uom_id: many2one('uom.uom', (row) => row.unitId), active: boolean((row) => row.active), company_id: many2one('res.company', () => null),
      bom_line_ids: many('one2many', 'mrp.bom.line', (row) => tables.bomLines.where('bomId', row.id).map((line) => line.id)),
    },
  });
}

function bomLineModel(tables: ErpTables): Model {
  return model<BomLine>({
    name: 'mrp.bom.line', table: tables.bomLines, order: 'id', displayName: (row) => tables.variants.get(row.variantId)!.sku,
    fields: {
      bom_id: many2one('mrp.bom', (row) => row.bomId, 'bomId'), product_id: many2one('product.product', (row) => row.variantId), product_qty: float((row) => row.quantity),
      product_uom_id: many2one('uom.uom', (row) => row.unitId), bom_product_template_attribute_value_ids: many('many2many', 'product.template.attribute.value', () => []),
    },
  });
}

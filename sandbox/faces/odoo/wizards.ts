import type { Validation } from '../../engine/pickings.ts';
import type { BackorderForm, ReturnForm, ReturnFormLine } from '../../engine/rows-after-sale.ts';
import type { Move } from '../../engine/rows.ts';
import { returnableOf } from '../../engine/shipping.ts';
import type { ErpTables } from '../../engine/tables.ts';
import { missing } from './errors.ts';
import { boolean, float, many, many2one, model, type Call, type Method, type Model } from './field.ts';
import { given, numberText, readCommands } from './writing.ts';

/** button_validate: `true`, or the backorder wizard - and then nothing has moved yet. */
export const validate: Method['run'] = (call, ids) => {
  const rest = restOf(call);
  const asked = ids.filter((pickingId) => {
    if (call.tables.pickings.get(pickingId) === undefined) throw missing('stock.picking', pickingId, 5);
    return !(call.engine.execute('erp/validate-picking', { pickingId, ...(rest !== undefined && { rest }) }) as Validation).done;
  });
  return asked.length === 0 ? true : backorderWizard(ids, asked);
};

/** With `skip_backorder` the caller has decided; pickings named in `picking_ids_not_to_backorder` drop the rest. */
function restOf({ context }: Call): 'backorder' | 'cancel' | undefined {
  if (context['skip_backorder'] !== true) return undefined;
  return context['picking_ids_not_to_backorder'] === undefined ? 'backorder' : 'cancel';
}

function backorderWizard(ids: readonly number[], asked: readonly number[]): object {
  return {
    name: 'Create Backorder?', type: 'ir.actions.act_window', view_mode: 'form', res_model: 'stock.backorder.confirmation', views: [[938, 'form']], view_id: 938, target: 'new',
    context: { button_validate_picking_ids: ids, default_show_transfers: ids.length > 1, default_pick_ids: asked.map((id) => [4, id]) },
  };
}

export function wizardModels(tables: ErpTables): Model[] {
  return [backorderModel(tables), returnModel(tables), returnLineModel(tables)];
}

function backorderModel(tables: ErpTables): Model {
  const process = (rest: 'backorder' | 'cancel'): Method['run'] => ({ engine }, ids) => {
    for (const id of ids) for (const pickingId of tables.backorderForms.get(id)?.pickingIds ?? []) engine.execute('erp/validate-picking', { pickingId, rest });
    return true;
  };
  return model<BackorderForm>({
    name: 'stock.backorder.confirmation', table: tables.backorderForms, order: 'id', displayName: (row) => `stock.backorder.confirmation,${String(row.id)}`,
    fields: { pick_ids: many('many2many', 'stock.picking', (row) => row.pickingIds), show_transfers: boolean(() => false) },
    create: ({ engine, context }, values) => {
      const linked = readCommands(values['pick_ids'] ?? context['default_pick_ids']).flatMap((command) => (command.kind === 'link' ? command.ids : []));
      return (engine.execute('erp/ask-backorder', { pickingIds: linked }) as { formId: number }).formId;
    },
    methods: { process: { parameters: [], run: process('backorder') }, process_cancel_backorder: { parameters: [], run: process('cancel') } },
  });
}

function returnModel(tables: ErpTables): Model {
  const finish = (pickingId: number): object => ({ name: 'Returned Picking', view_mode: 'form', res_model: 'stock.picking', res_id: pickingId, type: 'ir.actions.act_window', context: {} });
  const createFrom = ({ engine }: Call, formId: number): object => finish((engine.execute('erp/create-return', { formId }) as { pickingId: number }).pickingId);
  return model<ReturnForm>({
    name: 'stock.return.picking', table: tables.returnForms, order: 'id', displayName: (row) => `stock.return.picking,${String(row.id)}`,
    fields: {
      picking_id: many2one('stock.picking', (row) => row.pickingId, 'pickingId'), company_id: many2one('res.company', () => 1),
      product_return_moves: many('one2many', 'stock.return.picking.line', (row) => tables.returnFormLines.where('formId', row.id).map((line) => line.id)),
    },
    create: ({ engine, context }, values) => {
      const pickingId = values['picking_id'] ?? context['active_id'];
      if (tables.pickings.get(pickingId as number) === undefined) throw missing('stock.picking', pickingId, 5);
      const { formId } = engine.execute('erp/open-return', { pickingId }) as { formId: number };
      setLines(engine.execute.bind(engine), values);
      return formId;
    },
    write: ({ engine }, _id, values) => setLines(engine.execute.bind(engine), values),
    methods: {
      action_create_returns: { parameters: [], run: (call, ids) => createFrom(call, ids[0] ?? 0) },
      action_create_returns_all: {
        parameters: [],
        run: (call, ids) => {
          for (const line of tables.returnFormLines.where('formId', ids[0] ?? 0)) call.engine.execute('erp/set-return-line', { lineId: line.id, quantity: returnableOf(tables, tables.moves.get(line.moveId)!) });
          return createFrom(call, ids[0] ?? 0);
        },
      },
    },
  });
}

/** Lines may come with the form: `[1, lineId, {quantity}]`. */
function setLines(execute: (command: string, args: unknown) => unknown, values: Readonly<Record<string, unknown>>): void {
  for (const command of readCommands(values['product_return_moves'])) {
    if (command.kind === 'update') execute('erp/set-return-line', { lineId: command.id, quantity: '0', ...given(command.values, { quantity: ['quantity', numberText] }) });
  }
}

function returnLineModel(tables: ErpTables): Model {
  const move = (row: ReturnFormLine): Move => tables.moves.get(row.moveId)!;
  const displayName: Model<ReturnFormLine>['displayName'] = (row) => tables.variants.get(move(row).variantId)!.sku;
  return model<ReturnFormLine>({
    name: 'stock.return.picking.line', table: tables.returnFormLines, order: 'id', displayName,
    fields: {
      product_id: many2one('product.product', (row) => move(row).variantId), move_quantity: float((row) => move(row).quantity), quantity: float((row) => row.quantity), to_refund: boolean(() => true),
      wizard_id: many2one('stock.return.picking', (row) => row.formId, 'formId'), move_id: many2one('stock.move', (row) => row.moveId),
      uom_id: many2one('uom.uom', (row) => tables.items.get(tables.variants.get(move(row).variantId)!.itemId)!.unitId),
    },
    write: ({ engine }, lineId, values) => void engine.execute('erp/set-return-line', { lineId, ...given(values, { quantity: ['quantity', numberText] }) }),
  });
}

import { createCategory, removeCategory, updateCategory } from './categories.ts';
import { createParty, updateParty } from './customers.ts';
import { createItem, setActive, updateItem, updateVariant } from './items.ts';
import { createBom, createUnit, removeBom, updateBom } from './kits.ts';
import { orderByAnyName } from './lookups.ts';
import { cancelCreditMemo, createCreditMemo, creditOrder, payCreditMemo, payNamedMemo, postCreditMemo } from './invoicing.ts';
import { createCarrier, createParcel, setMoveLines, updateMoveLine } from './packing.ts';
import { Rejection, type Command, type EnginePart } from './part.ts';
import { refreshPicking, setMove, updatePicking, validatePicking } from './pickings.ts';
import { setPrice } from './prices.ts';
import { discountEverything, removePriceRules } from './price-accidents.ts';
import { addPriceRule, createPriceRule, openPriceList, removePriceList, removePriceRule, updatePriceList, updatePriceRule } from './price-rules.ts';
import { createPurchase, receiveGoods } from './purchasing.ts';
import { createRate, removeRate, setRate, updateRate } from './rates.ts';
import { confirmTransfer, createReturn, createTransfer, openReturn, setReturnLine } from './returns.ts';
import { addOrderLine, updateOrder, updateOrderLine } from './order-changes.ts';
import { assignPicking, cancelMove, pickOrder, rehomeMoves, setDemand } from './order-demand.ts';
import { createTax, updateTax } from './order-totals.ts';
import { cancelOrder, cancelPicking, confirmOrder, createOrder } from './sales.ts';
import { loadErp } from './seed-loading.ts';
import { printOrder, returnOrder, shipOrder } from './shipping.ts';
import { setStock } from './stock.ts';
import { createTag, removeTag, tagCustomer } from './tags.ts';
import { Database } from './table.ts';
import { createTables, type ErpTables } from './tables.ts';

/** The ERP half: `tables` are for reading; every change is one of its commands. */
export interface Erp extends EnginePart {
  readonly tables: ErpTables;
}

type ErpCommand = (tables: ErpTables, args: never) => unknown;

/** What people and tests say, by SKU and document number. */
const SPOKEN: Readonly<Record<string, ErpCommand>> = {
  'receive-goods': receiveGoods,
  'ship-order': shipOrder,
  'pick-order': pickOrder,
  'print-order': printOrder,
  'return-order': returnOrder,
  'credit-order': creditOrder,
  'pay-credit-memo': payNamedMemo,
  'cancel-order': (tables, args: { readonly order: unknown }) => ({ order: orderByAnyName(tables, args.order).name, cancelled: cancelOrder(tables, { orderId: orderByAnyName(tables, args.order).id }) }),
  'set-stock': (tables, args: Parameters<typeof setStock>[1]) => {
    const { touched, ...answer } = setStock(tables, args);
    for (const pickingId of touched) refreshPicking(tables, pickingId);
    return answer;
  },
  'set-price': setPrice,
  'set-active': setActive,
  'add-price-rule': addPriceRule,
  'discount-everything': discountEverything,
  'remove-price-rules': removePriceRules,
  'set-rate': setRate,
  'tag-customer': tagCustomer,
  'create-item': createItem,
  'create-purchase': createPurchase,
};

/** What the faces say, by id. */
const BY_ID: Readonly<Record<string, ErpCommand>> = {
  'erp/create-order': createOrder,
  'erp/add-order-line': addOrderLine,
  'erp/update-order': updateOrder,
  'erp/update-order-line': updateOrderLine,
  'erp/confirm-order': confirmOrder,
  'erp/cancel-order': cancelOrder,
  'erp/cancel-picking': cancelPicking,
  'erp/set-move': setMove,
  'erp/set-demand': setDemand,
  'erp/cancel-move': cancelMove,
  'erp/assign-picking': assignPicking,
  'erp/rehome-moves': rehomeMoves,
  'erp/create-tax': createTax,
  'erp/update-tax': updateTax,
  'erp/update-picking': updatePicking,
  'erp/validate-picking': validatePicking,
  'erp/ask-backorder': (tables, args: { readonly pickingIds: readonly number[] }) => ({ formId: tables.backorderForms.insert(args).id }),
  'erp/open-return': openReturn,
  'erp/set-return-line': setReturnLine,
  'erp/create-return': createReturn,
  'erp/create-transfer': createTransfer,
  'erp/confirm-transfer': confirmTransfer,
  'erp/create-parcel': createParcel,
  'erp/create-carrier': createCarrier,
  'erp/set-move-lines': setMoveLines,
  'erp/update-move-line': updateMoveLine,
  'erp/create-credit-memo': createCreditMemo,
  'erp/post-credit-memo': postCreditMemo,
  'erp/cancel-credit-memo': cancelCreditMemo,
  'erp/pay-credit-memo': payCreditMemo,
  'erp/create-party': createParty,
  'erp/update-party': updateParty,
  'erp/update-variant': updateVariant,
  'erp/update-item': updateItem,
  'erp/create-category': createCategory,
  'erp/update-category': updateCategory,
  'erp/remove-category': removeCategory,
  'erp/create-rate': createRate,
  'erp/update-rate': updateRate,
  'erp/remove-rate': removeRate,
  'erp/create-tag': createTag,
  'erp/remove-tag': removeTag,
  'erp/create-unit': createUnit,
  'erp/create-bom': createBom,
  'erp/update-bom': updateBom,
  'erp/remove-bom': removeBom,
  'erp/create-price-list': openPriceList,
  'erp/update-price-list': updatePriceList,
  'erp/remove-price-list': removePriceList,
  'erp/create-price-rule': createPriceRule,
  'erp/update-price-rule': updatePriceRule,
  'erp/remove-price-rule': removePriceRule,
};

export function createErp(): Erp {
  const database = new Database();
  const tables = createTables(database);
  const all: Readonly<Record<string, ErpCommand>> = { 'load-erp': loadErp, ...SPOKEN, ...BY_ID };
  const commands: Readonly<Record<string, Command>> = Object.fromEntries(
    Object.entries(all).map(([name, command]) => [name, (args: never) => command(tables, args)]),
  );
  return {
    name: 'erp',
    tables,
    commands,
    run: (name, args, atMs) => {
      const command = commands[name];
      if (command === undefined) throw new Rejection('missing', `The ERP has no command ${name}`);
      return database.transact(atMs, () => command((args ?? {}) as never, atMs));
    },
    snapshot: () => database.lines(),
    clear: () => database.clear(),
    restore: (line) => database.restore(line as Parameters<Database['restore']>[0]),
  };
}


import type { Engine } from '../../engine/engine.ts';
import { Rejection } from '../../engine/part.ts';
import { accessError, notFound, OdooError, userError, validationError } from './errors.ts';
import type { Call, Model, OdooContext } from './field.ts';
import { invoiceModels } from './models/invoices.ts';
import { kitModels } from './models/kits.ts';
import { orderModels } from './models/orders.ts';
import { packingModels } from './models/packing.ts';
import { partnerModels } from './models/partners.ts';
import { placeModels } from './models/places.ts';
import { priceModels } from './models/prices.ts';
import { productModels } from './models/products.ts';
import { purchaseModels } from './models/purchases.ts';
import { taxModels } from './models/taxes.ts';
import { termModels } from './models/terms.ts';
import { transferModels } from './models/transfers.ts';
import { callMethod, hasMethod } from './orm.ts';
import { wizardModels } from './wizards.ts';

/** Not a secret: the sandbox listens on loopback and holds made-up data. */
export const CREDENTIALS = { database: 'sandbox', user: 'bot', apiKey: 'sandbox-api-key', uid: 5 } as const;

export type Models = ReadonlyMap<string, Model>;

/** Every model this face knows, by Odoo's name. */
export function createModels(engine: Engine): Models {
  const { tables } = engine.erp;
  const all = [productModels, kitModels, placeModels, partnerModels, termModels, priceModels, orderModels, transferModels, packingModels, purchaseModels, taxModels, invoiceModels, wizardModels];
  return new Map(all.flatMap((models) => models(tables)).map((model) => [model.name, model]));
}

export interface OdooCall {
  readonly model: string;
  readonly method: string;
  readonly ids: readonly number[];
  readonly args: Readonly<Record<string, unknown>>;
  readonly context: OdooContext;
}

/** Runs one call. Throws OdooError in the words of /json/2. */
export async function runCall(engine: Engine, models: Models, { model: name, method, ids, args, context }: OdooCall): Promise<unknown> {
  const model = models.get(name);
  if (model === undefined) throw notFound(`the model '${name}' does not exist`);
  if (method.startsWith('_')) throw accessError(`Private methods (such as '${name}.${method}') cannot be called remotely.`);
  if (!hasMethod(model, method)) throw notFound(`The method '${name}.${method}' does not exist`);
  const call: Call = { engine, models, context, tables: engine.erp.tables, nowMs: engine.clock.now() };
  try {
    return await callMethod(call, model, method, ids, args);
  } catch (error) {
    throw asOdooError(error);
  }
}

/** The engine's refusals in Odoo's classes; anything else is a bug and stays what it is. */
function asOdooError(error: unknown): unknown {
  if (!(error instanceof Rejection)) return error;
  if (error.kind === 'missing') return new OdooError('odoo.exceptions.MissingError', 404, `Record does not exist or has been deleted.\n(${error.message})`);
  return error.kind === 'invalid' ? validationError(`The operation cannot be completed: ${error.message}`) : userError(error.message);
}

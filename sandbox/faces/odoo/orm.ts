import type { Row } from '../../engine/table.ts';
import { badArguments, invalidField, missing, userError, valueError } from './errors.ts';
import type { Call, Field, Method, Model } from './field.ts';
import { find, search } from './search.ts';
import { readRow } from './values.ts';
import { checkFields } from './writing.ts';

type Args = Readonly<Record<string, unknown>>;
type OrmRun = (call: Call, model: Model, ids: readonly number[], args: Args) => unknown;

interface OrmMethod {
  readonly parameters: readonly string[];
  readonly run: OrmRun;
}

const page = (args: Args) => ({ domain: args['domain'] ?? [], order: optional<string>(args['order']), offset: optional<number>(args['offset']), limit: optional<number>(args['limit']) });

/** Python passes None for "not given"; JSON callers send null or false. */
const optional = <T>(value: unknown): T | undefined => (value === null || value === undefined || value === false ? undefined : (value as T));

/** Methods every model answers. Parameters in Odoo's order; a `?` marks one that may be left out. */
const ORM: Readonly<Record<string, OrmMethod>> = {
  search: { parameters: ['domain', 'offset?', 'limit?', 'order?'], run: (call, model, _ids, args) => search(call, model, page(args)).map((row) => row.id) },
  search_count: { parameters: ['domain', 'limit?'], run: (call, model, _ids, args) => Math.min(find(call, model, args['domain']).length, optional<number>(args['limit']) ?? Infinity) },
  search_read: {
    parameters: ['domain?', 'fields?', 'offset?', 'limit?', 'order?', 'load?'],
    run: (call, model, _ids, args) => {
      const names = fieldNames(model, args['fields']);
      return search(call, model, page(args)).map((row) => readRow(call, model, row, names, isNamed(args)));
    },
  },
  read: {
    parameters: ['fields?', 'load?'],
    run: (call, model, ids, args) => {
      const names = fieldNames(model, args['fields']);
      // Unknown ids are left out, not refused (Odoo 19).
      return ids.map((id) => model.table.get(id)).filter((row) => row !== undefined).map((row) => readRow(call, model, row, names, isNamed(args)));
    },
  },
  create: { parameters: ['vals_list'], run: create },
  write: {
    parameters: ['vals'],
    run: (call, model, ids, args) => {
      for (const id of ids) existing(model, id);
      const values = (args['vals'] ?? {}) as Args;
      checkFields(model, values);
      if (model.write === undefined) throw userError(`The sandbox does not change ${model.name}`);
      for (const id of ids) model.write(call, id, values);
      return true;
    },
  },
  unlink: {
    parameters: [],
    run: (call, model, ids) => {
      if (model.unlink === undefined) throw userError(`The sandbox does not delete ${model.name}`);
      for (const id of ids) model.unlink(call, existing(model, id).id);
      return true;
    },
  },
  exists: { parameters: [], run: (_call, model, ids) => ids.filter((id) => model.table.get(id) !== undefined) },
  name_search: {
    parameters: ['name?', 'domain?', 'operator?', 'limit?'],
    run: (call, model, _ids, args) => {
      const named = ['display_name', optional<string>(args['operator']) ?? 'ilike', optional<string>(args['name']) ?? ''];
      const domain = [...((args['domain'] ?? []) as unknown[]), named];
      return search(call, model, { domain, limit: optional<number>(args['limit']) ?? 100 }).map((row) => [row.id, model.displayName(row, call)]);
    },
  },
  fields_get: { parameters: ['allfields?', 'attributes?'], run: (_call, model, _ids, args) => describeFields(model, optional<string[]>(args['allfields']), optional<string[]>(args['attributes'])) },
};

const isNamed = (args: Args): boolean => args['load'] === undefined || args['load'] === '_classic_read';

/** The fields asked for; all of them when none are named. */
function fieldNames(model: Model, wanted: unknown): readonly string[] {
  const names = optional<string[]>(wanted);
  if (names === undefined || names.length === 0) return Object.keys(model.fields).filter((name) => name !== 'id');
  for (const name of names) if (model.fields[name] === undefined) throw invalidField(name, model.name);
  return names.filter((name) => name !== 'id');
}

function create(call: Call, model: Model, _ids: readonly number[], args: Args): unknown {
  const given = args['vals_list'];
  const list = (Array.isArray(given) ? given : [given]) as Args[];
  if (model.create === undefined) throw userError(`The sandbox does not create ${model.name}`);
  for (const values of list) {
    if (typeof values !== 'object') throw valueError(`Invalid values for ${model.name}`);
    checkFields(model, values);
  }
  return list.map((values) => model.create!(call, values));
}

function existing(model: Model, id: number): Row {
  const row = model.table.get(id);
  if (row === undefined) throw missing(model.name, id, 5);
  return row;
}

function describeFields(model: Model, names: readonly string[] | undefined, attributes: readonly string[] | undefined): object {
  const chosen = Object.entries(model.fields).filter(([name]) => names === undefined || names.includes(name));
  const describe = (name: string, field: Field<Row>): object => {
    const full = { type: field.type, string: name, name, ...(field.relation !== undefined && { relation: field.relation }), ...(field.type === 'float' && { digits: field.digits ?? false }), store: field.column !== undefined };
    return attributes === undefined ? full : Object.fromEntries(Object.entries(full).filter(([key]) => attributes.includes(key)));
  };
  return Object.fromEntries(chosen.map(([name, field]) => [name, describe(name, field)]));
}

/** Calls a public method with named arguments. Unknown and missing arguments are refused in Python's words. */
export function callMethod(call: Call, model: Model, name: string, ids: readonly number[], args: Args): unknown {
  const own: Method | undefined = model.methods?.[name];
  const method = own ?? ORM[name]!;
  const known = method.parameters.map((parameter) => parameter.replace('?', ''));
  for (const key of Object.keys(args)) if (!known.includes(key)) throw badArguments(`got an unexpected keyword argument '${key}'`);
  for (const parameter of method.parameters) if (!parameter.endsWith('?') && args[parameter] === undefined) throw badArguments(`missing a required argument: '${parameter}'`);
  return own === undefined ? ORM[name]!.run(call, model, ids, args) : own.run(call, ids, args);
}

export const hasMethod = (model: Model, name: string): boolean => model.methods?.[name] !== undefined || ORM[name] !== undefined;

export const parametersOf = (model: Model, name: string): readonly string[] => (model.methods?.[name] ?? ORM[name]!).parameters.map((parameter) => parameter.replace('?', ''));

/** Class methods take no record ids (over /jsonrpc the first positional argument is then the first parameter). */
export const isClassMethod = (name: string): boolean => ['search', 'search_count', 'search_read', 'create', 'name_search', 'fields_get'].includes(name);

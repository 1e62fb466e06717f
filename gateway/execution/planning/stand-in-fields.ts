import {
  Kind,
  parse,
  print,
  visit,
  type ArgumentNode,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { namedTypeOf, readFieldDefinitions, type FieldDefinitions, type FieldedType } from './field-definitions.ts';

/** A field with arguments that the planner knows under a name of its own, without arguments. */
export interface StandIn {
  readonly field: string;
  readonly arguments: readonly ArgumentNode[];
}

/**
 * The planner (2.14) puts the value fetched for `@requires(fields: "price(currency: USD)")` under the key `price`, where
 * the client's own `price(currency: EUR)` and another requirement's `price(currency: GBP)` belong as well: one of them
 * wins, and subgraphs compute with the wrong value. So the planner gets a supergraph in which each such use is a field of
 * its own (`price__required_0`, no arguments); `plan-repair.ts` writes the fetches back. Uses by `@fromContext` alike.
 */
export interface PlanningSchema {
  readonly sdl: string;
  readonly definitions: FieldDefinitions;
  /** By the name the planner knows. Empty when no field that takes arguments is required. */
  readonly standIns: ReadonlyMap<string, StandIn>;
}

export function createPlanningSchema(sdl: string): PlanningSchema {
  const document = parse(sdl, { noLocation: true });
  const replacement: Replacement = { definitions: readFieldDefinitions(document), standIns: new Map(), added: new Map() };
  const rewritten = visit(document, {
    ObjectTypeDefinition: (type) => rewriteType(type, replacement),
    InterfaceTypeDefinition: (type) => rewriteType(type, replacement),
  });
  const { standIns, added } = replacement;
  if (standIns.size === 0) return { sdl, standIns, definitions: replacement.definitions };
  const planned = addFields(rewritten, added);
  return { sdl: print(planned), standIns, definitions: readFieldDefinitions(planned) };
}

interface Replacement {
  readonly definitions: FieldDefinitions;
  readonly standIns: Map<string, StandIn>;
  /** New fields of each type: their names, and those of the fields they stand for. */
  readonly added: Map<string, Map<string, string>>;
}

function rewriteType<Type extends FieldedType>(type: Type, replacement: Replacement): Type {
  const fields = type.fields?.map((field) => {
    const directives = field.directives?.map((directive) => rewriteJoin(directive, type.name.value, replacement));
    return { ...field, directives: directives ?? [] };
  });
  return { ...type, fields: fields ?? [] };
}

/** Replaces the selections of one `@join__field(requires: "...", contextArguments: [{ selection: "..." }])`. */
function rewriteJoin(directive: ConstDirectiveNode, owner: string, replacement: Replacement): ConstDirectiveNode {
  if (directive.name.value !== 'join__field') return directive;
  return visit(directive, {
    Argument(argument) {
      if (argument.name.value !== 'requires' || argument.value.kind !== Kind.STRING) return undefined;
      const set = replaceFields(parseFieldSet(argument.value.value), owner, replacement);
      return { ...argument, value: { kind: Kind.STRING, value: printFieldSet(set) } };
    },
    ObjectValue(value) {
      const text = (name: string) => value.fields.find((field) => field.name.value === name)?.value;
      const [context, selection] = [text('context'), text('selection')];
      if (context?.kind !== Kind.STRING || selection?.kind !== Kind.STRING) return undefined;
      let set = parseFieldSet(selection.value.trim().replace(/^\{|\}$/g, ''));
      // Each setter has its own fields, but uses with the same arguments share a name, so one text serves all.
      for (const setter of replacement.definitions.settersOf(context.value)) set = replaceFields(set, setter, replacement);
      const fields = value.fields.map((field) =>
        field.name.value === 'selection' ? { ...field, value: { kind: Kind.STRING as const, value: `{ ${printFieldSet(set)} }` } } : field,
      );
      return { ...value, fields };
    },
  });
}

export function parseFieldSet(text: string): SelectionSetNode {
  return (parse(`{ ${text} }`, { noLocation: true }).definitions[0] as OperationDefinitionNode).selectionSet;
}

const printFieldSet = ({ selections }: SelectionSetNode): string => selections.map(print).join(' ');

function replaceFields(set: SelectionSetNode, parent: string, replacement: Replacement): SelectionSetNode {
  const selections = set.selections.map((selection): SelectionNode => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return selection;
    if (selection.kind === Kind.FIELD) return replaceField(selection, parent, replacement);
    const condition = selection.typeCondition?.name.value ?? parent;
    return { ...selection, selectionSet: replaceFields(selection.selectionSet, condition, replacement) };
  });
  return { ...set, selections };
}

function replaceField(field: FieldNode, parent: string, replacement: Replacement): FieldNode {
  const definition = replacement.definitions.find(parent, field.name.value);
  if (!definition) return field;
  const { selectionSet, arguments: given = [], ...bare } = field;
  const inner = selectionSet && { selectionSet: replaceFields(selectionSet, namedTypeOf(definition.type), replacement) };
  if (!definition.arguments?.length) return { ...field, ...inner };
  const name = nameStandIn(field.name.value, given, replacement);
  for (const type of replacement.definitions.withImplementations(parent)) addField(type, field.name.value, name, replacement);
  return { ...bare, ...inner, name: { kind: Kind.NAME, value: name } };
}

/** Uses of one field name with the same arguments share a name, so that interfaces and their types agree. */
function nameStandIn(field: string, given: readonly ArgumentNode[], { standIns, definitions }: Replacement): string {
  const printCall = (args: readonly ArgumentNode[]): string => args.map(print).sort().join();
  const call = printCall(given);
  for (const [name, known] of standIns) if (known.field === field && printCall(known.arguments) === call) return name;
  let name = `${field}__required_${standIns.size}`;
  while (definitions.fieldNames.has(name)) name += '_';
  standIns.set(name, { field, arguments: given });
  return name;
}

function addField({ name }: FieldedType, original: string, standIn: string, { added }: Replacement): void {
  const fields = added.get(name.value) ?? new Map<string, string>();
  added.set(name.value, fields.set(standIn, original));
}

/** Stand-ins are what the subgraphs have, under another name; what they require themselves has been replaced by now. */
function addFields(document: DocumentNode, added: Replacement['added']): DocumentNode {
  const add = <Type extends FieldedType>(type: Type): Type | undefined => {
    const { fields = [] } = type;
    const copies = [...(added.get(type.name.value) ?? [])].flatMap(([name, original]) => {
      const field = fields.find((one) => one.name.value === original);
      return field ? [{ ...field, name: { kind: Kind.NAME as const, value: name }, arguments: [] }] : [];
    });
    return copies.length === 0 ? undefined : { ...type, fields: [...fields, ...copies] };
  };
  return visit(document, { ObjectTypeDefinition: add, InterfaceTypeDefinition: add });
}

import { isAbstractType, Kind, valueFromASTUntyped, visit, type FieldNode, type GraphQLCompositeType, type GraphQLField, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';

export type Variables = Readonly<Record<string, unknown>>;

/** Stands for the value of a variable where an operation is weighed before anybody asks it. */
const UNKNOWN = Symbol('a value that is not known yet');

/** Every variable has a value, none is known. */
export const unknownVariables = ({ variableDefinitions = [] }: OperationDefinitionNode): Variables => Object.fromEntries(variableDefinitions.map(({ variable }) => [variable.name.value, UNKNOWN]));

/** Known with the text, or only with the variables. */
export type Amount = number | ((variables: Variables) => number);

/** One field of an operation, where it is asked for. */
export interface AskedField {
  readonly parent: GraphQLCompositeType;
  readonly field: GraphQLField<unknown, unknown>;
  readonly node: FieldNode;
}

/** The values a field is called with, under variables; undefined = not given. */
export type ArgumentReader = (name: string, variables: Variables) => unknown;

/** Lists that the field above has a length for. */
export type SizedAbove = ReadonlyMap<string, Amount>;

/** What does not coerce is refused elsewhere, with a better message than ours would be. */
export const createArgumentReader = ({ node }: AskedField, withDefaults: (variables: Variables) => Variables): ArgumentReader => (name, variables) => {
  const value = node.arguments?.find((argument) => argument.name.value === name)?.value;
  return value === undefined ? undefined : valueFromASTUntyped(value, withDefaults(variables));
};

/** What the text alone decides is worked out once. */
export function settled({ node }: AskedField, evaluate: (variables: Variables) => number): Amount {
  let varies = false;
  for (const argument of node.arguments ?? []) visit(argument, { [Kind.VARIABLE]: () => void (varies = true) });
  return varies ? evaluate : evaluate({});
}

/** A type's name and, of an abstract one, those of all that may stand behind it. */
export const typesOf = (schema: GraphQLSchema, type: GraphQLCompositeType): readonly string[] =>
  isAbstractType(type) ? [type.name, ...schema.getPossibleTypes(type).map(({ name }) => name)] : [type.name];

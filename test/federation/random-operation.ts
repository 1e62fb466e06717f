import {
  getNamedType,
  isAbstractType,
  isEnumType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql';

/** Draws an integer from 0 to max. */
export type Draw = (max: number) => number;

export interface RandomOperation {
  readonly source: string;
  readonly variables: Record<string, unknown>;
}

export interface RandomOperationOptions {
  /** Aliases to choose from; null gives each alias a name of its own. */
  readonly aliases: readonly string[] | null;
  /** Whether to strew @skip and @include. */
  readonly conditions: boolean;
  readonly maxDepth: number;
  /** Values for arguments that are no numbers. */
  readonly texts?: readonly string[];
  /** Whether fields with arguments may stand under their own names; not every such operation is valid. */
  readonly bareArguments?: boolean;
}

const IDS = ['p1', 'p2', 'p4', 'u1', 'nobody'];

/** Writes a random query over the schema; not necessarily a valid one, where aliases are shared. */
export function writeRandomOperation(schema: GraphQLSchema, draw: Draw, options: RandomOperationOptions): RandomOperation {
  const writer = new OperationWriter(schema, draw, options);
  const body = writer.selection(schema.getQueryType() as GraphQLCompositeType, options.maxDepth);
  const declared = [...writer.variables].map(([name, { type }]) => `$${name}: ${type}`);
  const source = [`query Random${declared.length > 0 ? `(${declared.join(', ')})` : ''} ${body}`, ...writer.fragments].join('\n');
  return { source, variables: Object.fromEntries([...writer.variables].map(([name, { value }]) => [name, value])) };
}

class OperationWriter {
  readonly variables = new Map<string, { type: string; value: unknown }>();
  readonly fragments: string[] = [];
  private names = 0;
  /** Fragments in fragments, which no depth ends. */
  private nesting = 0;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly draw: Draw,
    private readonly options: RandomOperationOptions,
  ) {}

  selection(type: GraphQLCompositeType, depth: number): string {
    const count = 1 + this.draw(3);
    const parts = Array.from({ length: count }, () => this.part(type, depth));
    return `{ ${parts.join(' ')} }`;
  }

  private part(type: GraphQLCompositeType, depth: number): string {
    const kind = this.draw(9);
    if (kind === 0 || this.nesting > 4) return `__typename${this.directive()}`;
    if (kind <= 2 || !('getFields' in type)) return this.fragment(type, depth);
    const fields = Object.values(type.getFields()).filter((field) => depth > 0 || isLeafType(getNamedType(field.type)));
    const field = fields[this.draw(fields.length - 1)];
    return field ? this.field(field, depth) : '__typename';
  }

  private field(field: GraphQLField<unknown, unknown>, depth: number): string {
    const named = getNamedType(field.type);
    const args = field.args.map((argument) => this.argument(argument)).filter((text) => text !== '');
    const call = `${field.name}${args.length > 0 ? `(${args.join(', ')})` : ''}${this.directive()}`;
    const alias = this.draw(3) === 0 || (args.length > 0 && !this.options.bareArguments) ? `${this.alias()}: ` : '';
    return `${alias}${call}${isLeafType(named) ? '' : ` ${this.selection(named as GraphQLCompositeType, depth - 1)}`}`;
  }

  private alias(): string {
    const { aliases } = this.options;
    if (!aliases) return `a${this.names++}`;
    return aliases[this.draw(aliases.length - 1)] as string;
  }

  private fragment(type: GraphQLCompositeType, depth: number): string {
    const condition = this.condition(type);
    this.nesting += 1;
    const body = this.selection(condition, depth);
    this.nesting -= 1;
    const directive = this.directive();
    if (this.draw(2) > 0) return `... on ${condition.name}${directive} ${body}`;
    const name = `F${this.names++}`;
    this.fragments.push(`fragment ${name} on ${condition.name} ${body}`);
    return `...${name}${directive}`;
  }

  private condition(type: GraphQLCompositeType): GraphQLCompositeType {
    const members = isAbstractType(type) ? this.schema.getPossibleTypes(type) : [type];
    const abstracts = Object.values(this.schema.getTypeMap()).filter(isInterfaceType);
    const overlapping = abstracts.filter((candidate) => members.some((member) => this.schema.isSubType(candidate, member)));
    const choices: GraphQLCompositeType[] = [type, ...members.filter(isObjectType), ...overlapping];
    return choices[this.draw(choices.length - 1)] as GraphQLCompositeType;
  }

  private directive(): string {
    const kind = this.options.conditions ? this.draw(11) : 11;
    if (kind > 3) return '';
    const name = kind % 2 === 0 ? 'include' : 'skip';
    if (kind < 1) return ` @${name}(if: ${this.draw(1) === 0})`;
    return ` @${name}(if: $${this.variable(`flag${this.draw(2)}`, 'Boolean!', () => this.draw(1) === 0)})`;
  }

  private variable(name: string, type: string, value: () => unknown): string {
    if (!this.variables.has(name)) this.variables.set(name, { type, value: value() });
    return name;
  }

  private argument({ name, type, defaultValue }: GraphQLArgument): string {
    const required = String(type).endsWith('!') && defaultValue === undefined;
    if (!required && this.draw(1) === 0) return '';
    const named = getNamedType(type);
    if (isEnumType(named)) return `${name}: ${named.getValues()[this.draw(named.getValues().length - 1)]?.name}`;
    if (named.name === 'Int') {
      return this.draw(1) === 0 ? `${name}: ${this.draw(4)}` : `${name}: $${this.variable('count', 'Int! = 2', () => this.draw(3))}`;
    }
    const texts = this.options.texts ?? IDS;
    return `${name}: ${JSON.stringify(texts[this.draw(texts.length - 1)])}`;
  }
}

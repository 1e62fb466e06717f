import type { Draw } from '../random-operation.ts';
import type { FieldModel, GraphModel, TypeModel } from './random-model.ts';

/** One subgraph's SDL, and what its resolvers have to know. */
export interface SubgraphCut {
  readonly name: string;
  readonly sdl: string;
  /** `Type.field` that it only knows from others. */
  readonly external: ReadonlySet<string>;
}

export interface Cut {
  readonly subgraphs: readonly SubgraphCut[];
  /** Field sets by `Type.field`. */
  readonly requires: ReadonlyMap<string, string>;
  readonly provides: ReadonlyMap<string, string>;
}

/** Ways to know an entity; every entity has all of these fields. */
const KEYS = ['id', 'code', 'sku region { code }'] as const;
const KEY_FIELDS: Readonly<Record<string, string>> = { id: 'id: ID!', code: 'code: String! @shareable', 'sku region { code }': 'sku: String! @shareable region: Region! @shareable' };

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@requires", "@provides", "@external", "@shareable", "@interfaceObject"])`;

interface Placed {
  readonly keys: Set<string>;
  /** SDL by name. */
  readonly fields: Map<string, string>;
}

/** Spreads a model over subgraphs. Not every cut composes. */
export function drawCut(model: GraphModel, draw: Draw): Cut {
  return new Cutter(model, draw).cut();
}

class Cutter {
  private readonly names: readonly string[];
  private readonly requires = new Map<string, string>();
  private readonly provides = new Map<string, string>();
  private readonly external = new Map<string, Set<string>>();
  /** By subgraph and entity. */
  private readonly placed = new Map<string, Map<string, Placed>>();
  private readonly roots = new Map<string, string[]>();
  private readonly objectFields: string[] = [];
  private readonly interfaceObjectAt: string | null;

  constructor(
    private readonly model: GraphModel,
    private readonly draw: Draw,
  ) {
    this.names = Array.from({ length: 2 + draw(3) }, (_, index) => `s${index}`);
    for (const name of this.names) {
      this.placed.set(name, new Map());
      this.roots.set(name, []);
      this.external.set(name, new Set());
    }
    this.interfaceObjectAt = draw(2) === 0 && this.names.length > 2 ? this.names.at(-1)! : null;
  }

  cut(): Cut {
    for (const entity of this.model.entities) this.placeEntity(entity);
    this.placeRoots();
    if (this.interfaceObjectAt) this.objectFields.push('extra0: String', 'extra1(n: Int = 2): [Color!]');
    const subgraphs = this.names.map((name) => ({ name, sdl: this.write(name), external: this.external.get(name)! }));
    return { subgraphs, requires: this.requires, provides: this.provides };
  }

  private get homes(): readonly string[] {
    return this.interfaceObjectAt ? this.names.slice(0, -1) : this.names;
  }

  private pick<Value>(from: readonly Value[]): Value {
    return from[this.draw(from.length - 1)]!;
  }

  private placeEntity({ name, fields }: TypeModel): void {
    const homes = this.homes.filter((_, index) => index === 0 || this.draw(2) > 0);
    // Chains of keys: the first home knows all, others one or two.
    for (const [index, home] of homes.entries()) {
      const keys = new Set<string>(index === 0 && this.draw(1) === 0 ? KEYS : [this.pick(KEYS), this.pick(KEYS)]);
      this.placed.get(home)!.set(name, { keys, fields: new Map() });
    }
    for (const field of fields) this.placeField(name, field, homes);
    for (const home of homes) if (this.draw(1) === 0) this.placeRequirement(name, fields, home, homes);
  }

  private placeField(owner: string, field: FieldModel, homes: readonly string[]): void {
    const shared = this.draw(4) === 0;
    const places = shared ? homes.filter(() => this.draw(1) === 0) : [];
    const chosen = places.length > 0 ? places : [this.pick(homes)];
    for (const home of chosen) {
      this.at(home, owner).fields.set(field.name, `${field.name}${field.args}: ${field.type}${chosen.length > 1 ? ' @shareable' : ''}${this.provide(owner, field, home)}`);
    }
  }

  private at(home: string, type: string): Placed {
    return this.placed.get(home)!.get(type)!;
  }

  /** Sometimes a link brings along a field of its target that lives elsewhere. */
  private provide(owner: string, field: FieldModel, home: string): string {
    const target = this.model.entities.find(({ name }) => name === field.named);
    const given = target?.fields.find(({ args, named }) => args === '' && !/Item|Part|Shape|Any/.test(named));
    if (!target || !given || target.name === owner || this.draw(2) > 0 || target.interfaces.length > 0) return '';
    const at = this.placed.get(home)!.get(target.name);
    if (!at || at.fields.has(given.name) || this.requires.has(`${owner}.${field.name}`)) return '';
    at.fields.set(given.name, `${given.name}: ${given.type} @external`);
    this.external.get(home)!.add(`${target.name}.${given.name}`);
    this.provides.set(`${owner}.${field.name}@${home}`, given.name);
    return ` @provides(fields: "${given.name}")`;
  }

  /** Up to three computed fields of a subgraph that need what others have, with arguments that differ. */
  private placeRequirement(owner: string, fields: readonly FieldModel[], home: string, homes: readonly string[]): void {
    const { fields: own } = this.at(home, owner);
    const elsewhere = fields.filter(({ name }) => !own.has(name) && homes.some((other) => other !== home && this.at(other, owner).fields.has(name)));
    for (let count = 0; count <= this.draw(2); count++) {
      const needed = elsewhere.filter(() => this.draw(2) === 0).slice(0, 2);
      const sets = needed.map((field) => this.requirement(owner, home, field)).filter((text) => text !== null);
      if (sets.length === 0) continue;
      const name = `computed${count}_${home}`;
      own.set(name, `${name}: String @requires(fields: ${JSON.stringify(sets.join(' '))})`);
      this.requires.set(`${owner}.${name}`, sets.join(' '));
    }
  }

  private requirement(owner: string, home: string, field: FieldModel): string | null {
    const selection = this.selectionOf(field.named);
    if (selection === null) return null;
    this.at(home, owner).fields.set(field.name, `${field.name}${field.args}: ${field.type} @external`);
    this.external.get(home)!.add(`${owner}.${field.name}`);
    return `${field.name}${this.call(field.args)}${selection}`;
  }

  private selectionOf(named: string): string | null {
    if (named.startsWith('Item')) return ' { id }';
    if (named === 'Shape') return ' { id }';
    if (named === 'Any') return null;
    const value = this.model.values.find(({ name }) => name === named);
    if (!value) return '';
    const inner = value.fields.filter(({ named: type }) => !type.startsWith('Item') && !type.startsWith('Part'));
    return ` { ${inner.slice(0, 1 + this.draw(1)).map((field) => `${field.name}${this.call(field.args)}`).join(' ')} }`;
  }

  /** Arguments for a field: sometimes none, where it needs none. */
  private call(args: string): string {
    if (args.includes('text')) return `(text: "${this.pick(['x', 'y'])}")`;
    if (args === '' || this.draw(2) === 0) return '';
    return args.includes('color') ? `(n: ${this.draw(2)}, color: ${this.pick(['RED', 'BLUE'])})` : `(n: ${this.draw(2)})`;
  }

  private placeRoots(): void {
    for (const { name } of this.model.entities) {
      const homes = this.homes.filter((home) => this.placed.get(home)!.has(name));
      const low = name.toLowerCase();
      this.roots.get(this.pick(homes))!.push(`${low}(id: ID!): ${name}`);
      const places = this.draw(2) === 0 ? homes : [this.pick(homes)];
      for (const home of places) this.roots.get(home)!.push(`${low}s(n: Int = 2): [${name}!]!${places.length > 1 ? ' @shareable' : ''}`);
    }
    this.roots.get(this.pick(this.homes))!.push(`shapes: [Shape!]`);
    this.roots.get(this.pick(this.homes))!.push(`anything: [Any]`);
    if (this.interfaceObjectAt && this.draw(1) === 0) this.roots.get(this.interfaceObjectAt)!.push('rated: [Shape]');
  }

  private write(name: string): string {
    const isObject = name === this.interfaceObjectAt;
    const entities = this.model.entities.map((entity) => this.writeEntity(name, entity));
    const roots = this.roots.get(name)!;
    const values = this.model.values.map((value) => `type ${value.name} @shareable { ${value.fields.map((field) => `${field.name}${field.args}: ${field.type}`).join(' ')} }`);
    const shape = isObject
      ? `type Shape @key(fields: "id") @interfaceObject { id: ID! ${this.objectFields.join(' ')} }`
      : `interface Shape${this.interfaceObjectAt ? ' @key(fields: "id")' : ''} { id: ID! ${this.shapeFields(name).join(' ')} }`;
    return [
      LINK,
      roots.length > 0 ? `type Query { ${roots.join(' ')} }` : '',
      'type Region @shareable { code: String! }',
      'enum Color { RED BLUE }',
      shape,
      isObject ? '' : `union Any = ${this.model.union.members.join(' | ')}`,
      ...(isObject ? entities.filter((_, index) => !this.model.shape.members.includes(this.model.entities[index]!.name)) : entities),
      ...(isObject ? [] : values),
    ].filter((text) => text !== '').join('\n');
  }

  /** Fields of the interface that all its types have here. */
  private shapeFields(home: string): readonly string[] {
    const { members, fields } = this.model.shape;
    return fields
      .filter((field) => members.every((member) => this.placed.get(home)!.get(member)?.fields.has(field.name) && !this.external.get(home)!.has(`${member}.${field.name}`)))
      .map((field) => `${field.name}${field.args}: ${field.type}`);
  }

  private writeEntity(home: string, { name, interfaces }: TypeModel): string {
    const placed = this.placed.get(home)!.get(name);
    const implementing = interfaces.length > 0 && home !== this.interfaceObjectAt ? ` implements ${interfaces.join(' & ')}` : '';
    const keys = new Set(placed?.keys ?? ['id']);
    const isShape = this.interfaceObjectAt !== null && interfaces.length > 0;
    if (isShape) keys.add('id');
    const directives = [...keys].map((key) => ` @key(fields: "${key}"${placed || isShape ? '' : ', resolvable: false'})`).join('');
    const keyFields = new Set(['id', ...keys]);
    const idField = keys.has('id') ? KEY_FIELDS['id']! : 'id: ID! @shareable';
    const fields = [...keyFields].map((key) => (key === 'id' ? idField : KEY_FIELDS[key]!));
    return `type ${name}${implementing}${directives} { ${[...fields, ...(placed?.fields.values() ?? [])].join(' ')} }`;
  }
}

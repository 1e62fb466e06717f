import type { Draw } from '../random-operation.ts';

/** A field of the whole graph, wherever it ends up. */
export interface FieldModel {
  readonly name: string;
  /** As in SDL: `[Item1!]`. */
  readonly type: string;
  /** The type without its wrappers. */
  readonly named: string;
  /** Text of the arguments, for example `(n: Int = 1)`. */
  readonly args: string;
}

export interface TypeModel {
  readonly name: string;
  readonly fields: readonly FieldModel[];
  /** Names of the interfaces it implements. */
  readonly interfaces: readonly string[];
}

/** A graph before it is cut: entities (with an id and other keys), values without identity, an interface, a union. */
export interface GraphModel {
  readonly entities: readonly TypeModel[];
  readonly values: readonly TypeModel[];
  /** Fields all its types have, besides `id`. */
  readonly shape: { readonly name: string; readonly members: readonly string[]; readonly fields: readonly FieldModel[] };
  readonly union: { readonly name: string; readonly members: readonly string[] };
}

const SCALARS = ['String', 'Int', 'Boolean', 'Color', 'ID'];
const ARGUMENTS = ['', '', '', '(n: Int = 1)', '(n: Int, color: Color = RED)', '(text: String!)'];

export function drawModel(draw: Draw): GraphModel {
  const names = Array.from({ length: 2 + draw(2) }, (_, index) => `Item${index}`);
  const values = ['Part0', 'Part1'];
  const wrap = (named: string): string => {
    const inner = draw(2) === 0 ? `${named}!` : named;
    const kind = draw(5);
    if (kind > 2) return inner;
    return kind === 0 ? `[[${inner}]]` : draw(1) === 0 ? `[${inner}]!` : `[${inner}]`;
  };
  const field = (name: string, named: string): FieldModel => ({ name, named, type: wrap(named), args: ARGUMENTS[draw(ARGUMENTS.length - 1)]! });
  const pick = (from: readonly string[]): string => from[draw(from.length - 1)]!;
  const scalars = (prefix: string, count: number): FieldModel[] => Array.from({ length: count }, (_, index) => field(`${prefix}${index}`, pick(SCALARS)));
  const members = names.slice(0, 1 + draw(names.length - 1));
  const shared = [field('common0', pick(SCALARS)), field('common1', pick(['Part0', 'String']))];
  const entities = names.map((name, index): TypeModel => {
    const links = Array.from({ length: 1 + draw(1) }, (_, link) => field(`link${link}`, pick([...names, 'Shape', 'Any'])));
    const own = [...scalars('plain', 2 + draw(2)), field('part', pick(values)), ...links];
    const isMember = members.includes(name);
    return { name, interfaces: isMember ? ['Shape'] : [], fields: isMember ? [...shared, ...own] : index % 2 === 0 ? own : own.slice(1) };
  });
  return {
    entities,
    values: [
      { name: 'Part0', interfaces: [], fields: [...scalars('size', 2), field('of', pick(names))] },
      { name: 'Part1', interfaces: [], fields: [...scalars('size', 1), field('inner', 'Part0')] },
    ],
    shape: { name: 'Shape', members, fields: shared },
    union: { name: 'Any', members: names.slice(draw(names.length - 1)) },
  };
}

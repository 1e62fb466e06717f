import { describe, expect, it } from 'vitest';
import { converter, mapEntity, mapRows, MappingError } from '../../../platform/mapping.ts';

interface Row {
  readonly id: number;
  readonly quantity: string;
  readonly first: string;
  readonly last: string;
}
interface Level {
  readonly onHand: number;
  readonly who: string;
  readonly basis: 'ON_HAND';
  readonly asOf: string;
}

const number = converter('number', (value: string) => {
  if (!/^\d+$/.test(value)) throw new RangeError(`not a number (${JSON.stringify(value)})`);
  return Number(value);
});
const map = mapEntity<Row, Level, { readonly asOf: string }>('Level', ({ from, merge, given, constant }) => ({
  onHand: from('quantity', number),
  who: merge(['first', 'last'], converter('both names', ({ first, last }) => `${first} ${last}`)),
  basis: constant('ON_HAND'),
  asOf: given('moment of asking', ({ asOf }) => asOf),
}));
const row: Row = { id: 1, quantity: '5', first: 'Ada', last: 'L' };

describe('a map', () => {
  it('makes the record and nothing but the record', () => {
    expect(map.map({ ...row, secret: 'x' } as Row, { asOf: 'now' })).toEqual({ onHand: 5, who: 'Ada L', basis: 'ON_HAND', asOf: 'now' });
  });
  it('knows which columns to ask for', () => expect(map.reads).toEqual(['quantity', 'first', 'last']));
  it('says which field, which column, and why', () => {
    expect(() => map.map({ ...row, quantity: 'abc' }, { asOf: '' })).toThrow(MappingError);
    expect(() => map.map({ ...row, quantity: 'abc' }, { asOf: '' })).toThrow('Level.onHand <- quantity: not a number ("abc")');
  });
  it('keeps a broken row apart from its neighbours', () => {
    const { records, rejected } = mapRows(map, [row, { ...row, id: 2, quantity: '-' }, { ...row, id: 3 }], { asOf: '' }, ({ id }) => `row:${id}`);
    expect(records).toHaveLength(2);
    expect(rejected).toEqual([{ key: 'row:2', reason: 'Level.onHand <- quantity: not a number ("-")' }]);
  });
  it('documents itself', () => {
    expect(map.fieldTable().split('\n')).toEqual([
      '| `Level.onHand` | `quantity` | number |', '| `Level.who` | `first`, `last` | both names |',
      '| `Level.basis` | - | always "ON_HAND" |', '| `Level.asOf` | - | moment of asking |',
    ]);
  });
  it('does not compile with a misspelt column or a missing field', () => {
    // @ts-expect-error there is no column "quantitty"
    mapEntity<Row, { onHand: number }>('X', ({ from }) => ({ onHand: from('quantitty', number) }));
    // @ts-expect-error `onHand` is missing
    mapEntity<Row, { onHand: number }>('X', () => ({}));
    // @ts-expect-error a number column does not go through a text converter
    mapEntity<Row, { onHand: number }>('X', ({ from }) => ({ onHand: from('id', number) }));
  });
});

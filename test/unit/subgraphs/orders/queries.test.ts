import 'reflect-metadata';
import { execute, parse, type ExecutionResult } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { globalId } from '../../../../domain/ids.ts';
import type { Principal } from '../../../../domain/principal.ts';
import type { Subgraph } from '../../../../subgraphs/frame/module.ts';
import { createOrders } from '../../../../subgraphs/orders/index.ts';
import { createWorld, principal, QUICK, scopeOf, type World } from './harness.ts';
import { storeOrder, type StoredOrder } from './stored-orders.ts';

let world: World;
let subgraph: Subgraph<'orders'>;
const buyer = (subject: string, customerNumber: string | null, companyNumber: string | null = null): Principal =>
  principal(subject, { kind: 'BUYER', scopes: ['order:read'], customerNumber, companyNumber });
const clerk = principal('clerk', { kind: 'OPERATIONS', scopes: ['order:read:all'] });
const ann = buyer('ann', 'C1', 'ACME');
const colleague = buyer('cora', 'C2', 'ACME');
const stranger = buyer('sam', 'C3');

async function ask(query: string, variableValues: Record<string, unknown>, who: Principal): Promise<ExecutionResult<Record<string, never>>> {
  return (await execute({ schema: subgraph.schema, document: parse(query), contextValue: subgraph.createContext(scopeOf(who)), variableValues })) as never;
}

interface Listed {
  readonly numbers: readonly string[];
  readonly totalCount: number;
  readonly endCursor: string | null;
  readonly hasNextPage: boolean;
}

const LIST = `query ($filter: OrderFilter, $sort: OrderSort! = PLACED_NEWEST, $first: Int! = 50, $after: String) {
  orders(filter: $filter, sort: $sort, first: $first, after: $after) { nodes { number } pageInfo { hasNextPage endCursor } totalCount } }`;

async function list(variables: Record<string, unknown>, who = clerk): Promise<Listed> {
  const { data, errors } = await ask(LIST, variables, who);
  expect(errors).toBeUndefined();
  const { nodes, pageInfo, totalCount } = (data as unknown as { orders: { nodes: { number: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null }; totalCount: number } }).orders;
  return { numbers: nodes.map(({ number }) => number), totalCount, ...pageInfo };
}

async function refusal(variables: Record<string, unknown>): Promise<unknown> {
  return (await ask(LIST, variables, clerk)).errors?.[0]?.originalError;
}

const day = (value: number): string => `2026-02-${String(value).padStart(2, '0')}T12:00:00.000Z`;
let orders: Record<'annFirst' | 'annSecond' | 'cora' | 'sam' | 'ofErp' | 'twin', StoredOrder>;

beforeAll(async () => {
  world = await createWorld();
  subgraph = await createOrders(world.dependencies(), QUICK);
  const store = (placed: number, columns: Record<string, unknown>, sku = 'A'): Promise<StoredOrder> =>
    storeOrder(world.database, { placed_at: day(placed), updated_at: day(20 - placed), ...columns }, [{ sku, quantity: '1' }]);
  orders = {
    annFirst: await store(1, { owner: 'ann', customer_number: 'C1', company_number: 'ACME', external_order_id: 'X-1', contact: JSON.stringify({ name: 'Ann', email: 'Ann@Example.com' }) }),
    annSecond: await store(2, { owner: 'ann', customer_number: 'C1', state: 'SHIPPED', erp_order_id: 'e2', erp_number: 'S00002' }, 'B'),
    cora: await store(3, { owner: 'cora', customer_number: 'C2', company_number: 'ACME', channel: 'shop', attention: 'unknown SKU', state: 'NEEDS_ATTENTION' }),
    sam: await store(4, { owner: 'sam', customer_number: 'C3', state: 'DELIVERED', number: 'S00002', channel: null }, 'B'),
    ofErp: await store(5, { owner: '', source: 'erp', payload_hash: null, customer_number: 'C1', number: 'S00077', channel: null }),
    twin: await store(6, { owner: '', source: 'erp', payload_hash: null, customer_number: 'C3', number: 'S00077', channel: null }),
  };
});
afterAll(async () => {
  await subgraph.stop();
  await world.close();
});

describe('one order', () => {
  const find = async (by: Record<string, unknown>, who: Principal): Promise<string | null> => {
    const { data, errors } = await ask('query ($by: OrderReference!) { order(by: $by) { id } }', { by }, who);
    expect(errors).toBeUndefined();
    return (data as unknown as { order: { id: string } | null }).order?.id ?? null;
  };
  const idOf = ({ id }: StoredOrder): string => globalId('Order', id);

  it('is found by each of its names by its owner, its customer, its company\'s people and operations, and by nobody else', async () => {
    const { annFirst, annSecond } = orders;
    const names = [{ id: idOf(annFirst) }, { number: annFirst.number }, { external: { channel: 'web', externalOrderId: 'X-1' } }];
    for (const by of names) {
      for (const who of [ann, colleague, clerk, buyer('ann at home', 'C1')]) expect(await find(by, who)).toBe(idOf(annFirst));
      for (const who of [stranger, buyer('nobody', null), principal('storefront', { scopes: ['order:read'] })]) expect(await find(by, who)).toBeNull();
    }
    expect(await find({ erpNumber: 'S00002' }, ann)).toBe(idOf(annSecond));
    expect(await find({ erpNumber: 'S00002' }, stranger)).toBeNull();
    expect(await find({ erpNumber: 'S00002' }, colleague)).toBeNull();
  });

  it('is the one the caller may see, where a number is of several', async () => {
    expect(await find({ number: 'S00077' }, ann)).toBe(idOf(orders.ofErp));
    expect(await find({ number: 'S00077' }, stranger)).toBe(idOf(orders.twin));
    expect(await find({ number: 'S00002' }, ann)).toBeNull();
  });

  it('of another channel is nobody\'s who is bound to one, whatever else they may see and ask', async () => {
    const bound = principal('marketplace', { scopes: ['order:read:all'], channel: 'shop' });
    const { cora, annFirst, ofErp } = orders;
    expect(await find({ number: cora.number }, bound)).toBe(idOf(cora));
    const others = [{ id: idOf(annFirst) }, { number: annFirst.number }, { external: { channel: 'web', externalOrderId: 'X-1' } }, { external: { externalOrderId: 'X-1' } }, { id: idOf(ofErp) }];
    for (const by of others) expect(await find(by, bound)).toBeNull();
    const list = async (variables: object, who: Principal) => {
      const { data, errors } = await ask('query ($filter: OrderFilter) { orders(filter: $filter) { totalCount nodes { id } } returns { nodes { id } } }', variables as Record<string, unknown>, who);
      expect(errors).toBeUndefined();
      return JSON.parse(JSON.stringify(data)) as unknown;
    };
    expect(await list({}, bound)).toEqual({ orders: { totalCount: 1, nodes: [{ id: idOf(cora) }] }, returns: { nodes: [] } });
    expect(await list({ filter: { channel: 'web' } }, bound)).toMatchObject({ orders: { totalCount: 0, nodes: [] } });
    // One's own are one's own, wherever they were placed.
    expect(await find({ id: idOf(annFirst) }, { ...ann, channel: 'shop' })).toBe(idOf(annFirst));
  });

  it('is asked for by one name', async () => {
    const { errors } = await ask('query ($by: OrderReference!) { order(by: $by) { id } }', { by: { number: 'x', erpNumber: 'y' } }, clerk);
    expect(errors?.[0]?.originalError).toMatchObject({ code: 'INVALID_INPUT', field: ['by'] });
  });
});

describe('a list of orders', () => {
  it('holds what its filter says', async () => {
    const { annFirst, annSecond, cora, sam, ofErp, twin } = orders;
    const cases: [Record<string, unknown>, StoredOrder[]][] = [
      [{}, [twin, ofErp, sam, cora, annSecond, annFirst]],
      [{ states: ['SHIPPED', 'DELIVERED'] }, [sam, annSecond]],
      [{ state: 'SHIPPED' }, [annSecond]],
      [{ customerNumber: 'C1' }, [ofErp, annSecond, annFirst]],
      [{ companyNumber: 'ACME' }, [cora, annFirst]],
      [{ channel: 'shop' }, [cora]],
      [{ placedAfter: day(2), placedBefore: day(4) }, [cora, annSecond]],
      [{ updatedAfter: day(17) }, [cora, annSecond, annFirst]],
      [{ sku: 'B' }, [sam, annSecond]],
      [{ sku: 'B', customerNumber: 'C1' }, [annSecond]],
      [{ needsAttention: true }, [cora]],
      [{ needsAttention: false, companyNumber: 'ACME' }, [annFirst]],
      [{ search: annFirst.number }, [annFirst]],
      [{ search: annFirst.number.slice(0, 9) }, [annFirst]],
      [{ search: 'S000' }, [twin, ofErp, sam]],
      [{ search: 'S0' }, []],
      [{ search: 'S00002' }, [sam, annSecond]],
      [{ search: 'X-1' }, [annFirst]],
      [{ search: ' ann@example.COM ' }, [annFirst]],
      [{ search: '100%_' }, []],
      [{ search: '' }, [twin, ofErp, sam, cora, annSecond, annFirst]],
    ];
    for (const [filter, expected] of cases) {
      const { numbers, totalCount } = await list({ filter });
      expect({ filter, numbers, totalCount }).toEqual({ filter, numbers: expected.map(({ number }) => number), totalCount: expected.length });
    }
  });

  it('holds nothing of others, whatever is filtered by', async () => {
    const { annFirst, annSecond, cora, sam, ofErp, twin } = orders;
    const seen: [Principal, StoredOrder[]][] = [
      [ann, [ofErp, cora, annSecond, annFirst]], [colleague, [cora, annFirst]], [stranger, [twin, sam]], [buyer('nobody', null), []], [buyer('ann', null), [annSecond, annFirst]],
    ];
    for (const [who, expected] of seen) {
      expect(await list({}, who)).toMatchObject({ numbers: expected.map(({ number }) => number), totalCount: expected.length });
    }
    const others = [{ customerNumber: 'C1' }, { companyNumber: 'ACME' }, { search: annFirst.number }, { search: 'ann@example.com' }, { search: 'X-1' }, { channel: 'shop' }, { needsAttention: true }];
    for (const filter of others) expect(await list({ filter }, stranger)).toMatchObject({ numbers: [], totalCount: 0 });
  });

  it.each(['PLACED_NEWEST', 'PLACED_OLDEST', 'UPDATED_NEWEST', 'UPDATED_OLDEST'])('sorted by %s pages without losing or repeating one while more come', async (sort) => {
    const extra = await Promise.all(Array.from({ length: 7 }, () => storeOrder(world.database, { owner: sort, placed_at: day(7), updated_at: day(7) })));
    const who = buyer(sort, null);
    const whole = (await list({ sort }, who)).numbers;
    expect([...whole].toSorted()).toEqual(extra.map(({ number }) => number).toSorted());
    const pages: string[] = [];
    let after: string | null = null;
    do {
      const page: Listed = await list({ sort, first: 3, after }, who);
      pages.push(...page.numbers);
      after = page.hasNextPage ? page.endCursor : null;
      if (pages.length === 3) await storeOrder(world.database, { owner: sort, placed_at: sort.endsWith('NEWEST') ? day(8) : day(6), updated_at: sort.endsWith('NEWEST') ? day(8) : day(6) });
    } while (after !== null);
    expect(pages).toEqual(whole);
  });

  it('refuses a cursor of another list, and what nobody could mean', async () => {
    const { endCursor } = await list({ first: 1 });
    expect(await refusal({ sort: 'UPDATED_NEWEST', after: endCursor })).toMatchObject({ code: 'INVALID_INPUT', field: ['after'] });
    expect(await refusal({ filter: { state: 'SHIPPED', states: ['SHIPPED'] } })).toMatchObject({ code: 'INVALID_INPUT', field: ['filter', 'states'] });
    expect(await refusal({ filter: { search: 'a\u0000' } })).toMatchObject({ code: 'INVALID_INPUT', field: ['filter', 'search'] });
    expect(await refusal({ filter: { customerNumber: 'x'.repeat(201) } })).toMatchObject({ code: 'INVALID_INPUT', field: ['filter', 'customerNumber'] });
  });

  it('is there of a customer and of a company, of what the caller may see', async () => {
    const entities = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Customer { orders { nodes { number } } } ... on Company { orders { nodes { number } totalCount } } } }`;
    const r = [{ __typename: 'Customer', number: 'C1' }, { __typename: 'Company', number: 'ACME' }];
    const numbersOf = async (who: Principal): Promise<string[][]> => {
      const { data, errors } = await ask(entities, { r }, who);
      expect(errors).toBeUndefined();
      return (data as unknown as { _entities: { orders: { nodes: { number: string }[] } }[] })._entities.map(({ orders: { nodes } }) => nodes.map(({ number }) => number));
    };
    const { annFirst, annSecond, cora, ofErp } = orders;
    expect(await numbersOf(clerk)).toEqual([[ofErp, annSecond, annFirst].map(({ number }) => number), [cora, annFirst].map(({ number }) => number)]);
    expect(await numbersOf(colleague)).toEqual([[annFirst.number], [cora, annFirst].map(({ number }) => number)]);
    expect(await numbersOf(stranger)).toEqual([[], []]);
  });
});

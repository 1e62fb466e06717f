import { graphql, type ExecutionResult } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decimal } from '../../../../domain/decimal.ts';
import type { Failure } from '../../../../domain/failure.ts';
import { globalId } from '../../../../domain/ids.ts';
import { ANONYMOUS, type Principal, type Scope } from '../../../../domain/principal.ts';
import { silentLog } from '../../../../platform/log.ts';
import type { Database } from '../../../../platform/stores/sql.ts';
import { customerModule } from '../../../../subgraphs/customer/index.ts';
import type { Subgraph } from '../../../../subgraphs/frame/module.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { dependenciesOf, PEOPLE, portsOf, syncCustomers } from './customer-fixture.ts';

let test: TestDatabase;
let subgraph: Subgraph<'customer'>;
let statements = 0;

beforeAll(async () => {
  test = await createTestDatabase();
  const counted: Database = { ...test.database, query: (text, values) => ((statements += 1), test.database.query(text, values)) };
  subgraph = await customerModule.create(dependenciesOf(counted, portsOf(() => PEOPLE), silentLog));
  await syncCustomers(test.database, () => PEOPLE, silentLog);
}, 60_000);
afterAll(() => test?.drop());

const who = (scopes: readonly Scope[], more: Partial<Principal> = {}): Principal => ({ ...ANONYMOUS, subject: 'x', kind: 'SHOPPER', scopes, ...more });
const MILA = who(['customer:read'], { customerNumber: 'C-1001', companyNumber: 'C-3001' });
const JOSE = who(['customer:read'], { customerNumber: 'C-1002' });
const ALL = who(['customer:read:all'], { kind: 'SERVICE' });

async function run(source: string, principal: Principal, variableValues: Record<string, unknown> = {}): Promise<ExecutionResult> {
  statements = 0;
  const contextValue = subgraph.createContext({
    principal, shopping: { channel: null, locale: null, currencyCode: null, companyLocation: null }, signal: AbortSignal.timeout(5_000), deadlineAtMs: Date.now() + 5_000, traceparent: null,
  });
  return graphql({ schema: subgraph.schema, source, contextValue, variableValues });
}

async function data(source: string, principal: Principal, variables?: Record<string, unknown>): Promise<unknown> {
  const { data: found, errors } = await run(source, principal, variables);
  if (errors) throw errors[0]!.originalError ?? errors[0]!;
  return JSON.parse(JSON.stringify(found));
}
const code = async (source: string, principal: Principal): Promise<string | undefined> => ((await run(source, principal)).errors?.[0]?.originalError as Failure | undefined)?.code;

describe('customers in the graph', () => {
  it('tell oneself with one\'s company', async () => {
    const me = await data('{ me { id number name email active creditLimit { amount currencyCode } company { id number taxId priceListCode creditLimit { amount } locations { name kind address { city } } contacts { number } } } }', MILA);
    expect(me).toEqual({ me: {
      id: globalId('Customer', 'C-1001'), number: 'C-1001', name: 'Mila Novak', email: 'Mila@example.com', active: true, creditLimit: { amount: '50', currencyCode: 'USD' },
      company: {
        id: globalId('Company', 'C-3001'), number: 'C-3001', taxId: 'DE136695976', priceListCode: 'B2B-ACME', creditLimit: { amount: '10000' },
        locations: [{ name: 'Acme Industrial GmbH', kind: 'MAIN', address: { city: 'München' } }, { name: 'Tor 4', kind: 'DELIVERY', address: { city: 'Hamburg' } }],
        contacts: [{ number: 'C-1002' }, { number: 'C-1001' }],
      },
    } });
    expect(await data('{ me { number } }', who(['customer:read']))).toEqual({ me: null });
  });

  it('keep others\' records, and what the own company has agreed, from those who do not act for it', async () => {
    const answer = await run('{ me { company { name creditLimit { amount } contacts { email } } } }', JOSE);
    expect(answer.data).toMatchObject({ me: { company: { name: 'Acme Industrial GmbH', creditLimit: null, contacts: null } } });
    expect((answer.errors![0]!.originalError as Failure).code).toBe('FORBIDDEN');
    expect(await data('{ me { company { contacts { number creditLimit { amount } } } } }', who(['customer:read'], { customerNumber: 'C-1002', companyNumber: 'C-3001' })))
      .toEqual({ me: { company: { contacts: [{ number: 'C-1002', creditLimit: null }, { number: 'C-1001', creditLimit: null }] } } });
  });

  it('refuse alike whether the stranger exists or not', async () => {
    const refused = ['customer(by: { number: "C-1001" })', 'customer(by: { number: "NOBODY" })', 'customer(by: { email: "mila@example.com" })', 'customer(by: { email: "nobody@example.com" })',
      'company(by: { number: "C-3001" })', `company(by: { id: "${globalId('Company', 'C-3001')}" })`];
    for (const root of refused) expect([root, await code(`{ ${root} { number } }`, JOSE)]).toEqual([root, 'FORBIDDEN']);
    expect(await code('{ customer(by: { number: "C-1001" }) { number } }', ANONYMOUS)).toBe('UNAUTHENTICATED');
    expect(await code('{ customers { nodes { number } } }', MILA)).toBe('FORBIDDEN');
    expect(await code('{ me { number } }', who(['order:read'], { customerNumber: 'C-1001' }))).toBe('FORBIDDEN');
  });

  it('are found by each field of the reference, exactly one at a time', async () => {
    const number = (by: string, principal = ALL): Promise<unknown> => data(`{ customer(by: { ${by} }) { number } }`, principal);
    expect(await number('number: "C-1002"')).toEqual({ customer: { number: 'C-1002' } });
    expect(await number(`id: "${globalId('Customer', 'C-4002')}"`)).toEqual({ customer: { number: 'C-4002' } });
    expect(await number('email: "MILA@EXAMPLE.COM"')).toEqual({ customer: { number: 'C-1001' } });
    expect(await number('email: "mila@example.com"', MILA)).toEqual({ customer: { number: 'C-1001' } });
    expect([await number('number: "X"'), await number('id: "garbage"'), await number('email: "nobody@example.com"')]).toEqual([{ customer: null }, { customer: null }, { customer: null }]);
    expect(await data('{ company(by: { number: "C-1001" }) { number } }', ALL)).toEqual({ company: null });
    await expect(number('email: "twice@example.com"')).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(number('')).rejects.toMatchObject({ code: 'INVALID_INPUT', field: ['by'] });
    await expect(number('number: "A", email: "b"')).rejects.toMatchObject({ code: 'INVALID_INPUT', field: ['by', 'email'] });
  });

  it('never show an amount without a currency', async () => {
    expect(await data('{ customer(by: { number: "C-1004" }) { creditLimit { amount } } }', ALL)).toEqual({ customer: { creditLimit: null } });
  });
});

describe('the list of customers', () => {
  const search = async (text: string): Promise<readonly string[]> => {
    const answer = await data('query ($s: String) { customers(search: $s) { nodes { number } } }', ALL, { s: text });
    return (answer as { customers: { nodes: { number: string }[] } }).customers.nodes.map((node) => node.number);
  };

  it('is searched by the beginning of name, e-mail or number, in any case; wildcards are letters', async () => {
    expect(await search('mila n')).toEqual(['C-1001', 'C-4002']);
    expect(await search(' émi')).toEqual(['C-1004']);
    expect(await search('JOSE@')).toEqual(['C-1002']);
    expect(await search('c-30')).toEqual(['C-3001']);
    expect(await search("o'brien & sons 100% _")).toEqual(['C-1003']);
    expect([await search('%'), await search('_'), await search('novak'), await search('\\')]).toEqual([[], [], [], []]);
  });

  it('pages through all of it, each once, in the order of names', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const answer = await data('query ($a: String) { customers(first: 2, after: $a) { edges { cursor node { number } } pageInfo { hasNextPage endCursor } totalCount } }', ALL, { a: after });
      const { customers } = answer as { customers: { edges: { node: { number: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null }; totalCount: number } };
      expect(customers.totalCount).toBe(PEOPLE.length);
      seen.push(...customers.edges.map(({ node }) => node.number));
      after = customers.pageInfo.hasNextPage ? customers.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual(['C-3001', 'C-1002', 'C-1001', 'C-4002', 'C-1003', 'C-1004']);
  });

  it('names what is unusable about a page', async () => {
    await expect(data('{ customers(first: 0) { nodes { number } } }', ALL)).rejects.toMatchObject({ code: 'INVALID_INPUT', field: ['first'] });
    await expect(data('{ customers(after: "bogus") { nodes { number } } }', ALL)).rejects.toMatchObject({ code: 'INVALID_INPUT', field: ['after'] });
  });
});

describe('references from other subgraphs', () => {
  const source = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Customer { number name company { number contacts(first: 1) { number } } } ... on Company { number name } } }';
  const refs = [
    { __typename: 'Customer', number: 'C-1001' }, { __typename: 'Customer', id: globalId('Customer', 'C-1002') }, { __typename: 'Customer', number: 'NOBODY' },
    { __typename: 'Company', number: 'C-3001' }, { __typename: 'Company', id: globalId('Company', 'C-3001') }, { __typename: 'Company', number: 'C-1001' },
  ];

  it('come by id and by number in one statement a stage', async () => {
    const { data: found, errors } = await run(source, ALL, { r: refs });
    expect(errors).toBeUndefined();
    const company = { number: 'C-3001', contacts: [{ number: 'C-1002' }] };
    expect(JSON.parse(JSON.stringify(found))).toEqual({ _entities: [
      { number: 'C-1001', name: 'Mila Novak', company }, { number: 'C-1002', name: 'José Ñandú', company }, null,
      { number: 'C-3001', name: 'Acme Industrial GmbH' }, { number: 'C-3001', name: 'Acme Industrial GmbH' }, null,
    ] });
    // Records, whether the missing one may be called missing, contacts.
    expect(statements).toBe(3);
  });

  it('are refused one by one: the right to an order is none to the person', async () => {
    const { data: found, errors } = await run(source, JOSE, { r: refs.slice(0, 2) });
    expect(found!['_entities']).toMatchObject([null, { number: 'C-1002' }]);
    expect((errors![0]!.originalError as Failure).code).toBe('FORBIDDEN');
  });
});

describe('the client', () => {
  it('answers the whole record as plain JSON', async () => {
    expect(await subgraph.client.readCustomer({ number: 'C-3001' })).toEqual(PEOPLE[0]);
    expect(await subgraph.client.readCustomer({ number: 'NOBODY' })).toBeNull();
  });

  it('finds a customer by exactly this e-mail, and nobody where two share it or the only one is blocked', async () => {
    const find = async (email: string) => (await subgraph.client.findCustomerByEmail({ email }))?.number ?? null;
    expect(await find('MILA@example.com')).toBe('C-1001');
    expect([await find('twice@example.com'), await find('mila@example'), await find('%'), await find('nobody@example.com')]).toEqual([null, null, null, null]);
  });

  it('holds a question against the limit: by the cent, in its currency, and not where it is not known', async () => {
    const ask = (number: string, amount: string, open: string, currencyCode = 'EUR') => {
      const money = (value: string) => ({ amount: decimal(value), currencyCode });
      return subgraph.client.checkCredit({ number, amount: money(amount), openAmount: money(open) });
    };
    expect(await ask('C-3001', '1000', '9000')).toMatchObject({ kind: 'APPROVED', limit: { amount: '10000', currencyCode: 'EUR' }, exposure: { amount: '10000' } });
    expect(await ask('C-3001', '1000.01', '9000')).toMatchObject({ kind: 'REFUSED', reason: 'OVER_LIMIT', limit: { amount: '10000' }, exposure: { amount: '10000.01' } });
    expect(await ask('C-3001', '1', '0', 'USD')).toMatchObject({ kind: 'UNVERIFIED' });
    expect(await ask('C-1002', '99999', '0')).toMatchObject({ kind: 'APPROVED', limit: null });
    expect(await ask('C-4002', '1', '0')).toMatchObject({ kind: 'REFUSED', reason: 'ON_HOLD' });
    expect(await ask('NOBODY', '1', '0')).toMatchObject({ kind: 'UNVERIFIED' });
  });
});

import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import type { CustomerRecord } from '../../domain/customers.ts';
import { NeedsScopes } from '../graph/access.ts';
import { checkPageSize, decodeCursor, encodeCursor } from '../graph/paging.ts';
import { refusal, mayReadAll, requireReadable } from './access.ts';
import type { CustomerContext, CustomerSession } from './customer-session.ts';
import { numberOf, onlyField } from './named-customer.ts';
import type { ListedCustomer } from './store.ts';
import { searchKey } from './tables.ts';
import { CompanyReferenceInput, CustomerConnectionType, CustomerReferenceInput } from './types-list.ts';
import { CompanyType, CustomerType } from './types.ts';

@Resolver()
export class CustomerQueries {
  @NeedsScopes(['customer:read'])
  @Query(() => CustomerType, { nullable: true, description: 'The customer the token stands for; null where it stands for none.' })
  async me(@Ctx() { customers }: CustomerContext): Promise<CustomerRecord | null> {
    const { customerNumber } = customers.principal;
    return customerNumber === null ? null : customers.load(customerNumber);
  }

  @NeedsScopes(['customer:read'], ['customer:read:all'])
  @Query(() => CustomerType, { nullable: true, description: 'Oneself or the own company; any other only with customer:read:all. Null when there is none.' })
  async customer(@Arg('by', () => CustomerReferenceInput) by: CustomerReferenceInput, @Ctx() { customers }: CustomerContext): Promise<CustomerRecord | null> {
    const [field, value] = onlyField(by);
    if (field === 'email') return findByEmail(customers, value);
    return loadReadable(customers, field === 'id' ? numberOf('Customer', value) : value);
  }

  @NeedsScopes(['customer:read'], ['customer:read:all'])
  @Query(() => CompanyType, { nullable: true, description: 'The own company; any other only with customer:read:all. Null when there is none.' })
  async company(@Arg('by', () => CompanyReferenceInput) by: CompanyReferenceInput, @Ctx() { customers }: CustomerContext): Promise<CustomerRecord | null> {
    const [field, value] = onlyField(by);
    const record = await loadReadable(customers, field === 'id' ? numberOf('Company', value) : value);
    return record?.kind === 'COMPANY' ? record : null;
  }

  @NeedsScopes(['customer:read:all'])
  @Query(() => CustomerConnectionType, { description: 'All customers, archived ones too, by name.' })
  async customers(
    @Arg('search', () => String, { nullable: true, description: 'Beginning of the name, e-mail or number, in any case.' }) search: string | null | undefined,
    @Arg('first', () => Int, { defaultValue: 25, description: 'At most 250.' }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null | undefined,
    @Ctx() { customers: { book } }: CustomerContext,
  ): Promise<CustomerConnectionType> {
    checkPageSize(first);
    const text = search?.trim() || null;
    const rows = await book.list({ search: text, after: positionOf(after), limit: first + 1 });
    return { ...connect(rows.slice(0, first), rows.length > first), search: text };
  }
}

@Resolver(() => CustomerConnectionType)
export class CustomerConnectionFields {
  @FieldResolver(() => Int, { nullable: true, description: 'Of all pages; counted only when asked for.' })
  totalCount(@Root() { search }: CustomerConnectionType, @Ctx() { customers: { book } }: CustomerContext): Promise<number> {
    return book.count(search);
  }
}

/** An id of something else names nobody; whether it would have been readable does not matter. */
async function loadReadable(customers: CustomerSession, number: string | null): Promise<CustomerRecord | null> {
  if (number === null) return null;
  requireReadable(customers.principal, number);
  return customers.load(number);
}

/** Without the right to read all, only one's own record is compared: a refusal does not tell whose e-mail it is. */
async function findByEmail({ principal, book, load }: CustomerSession, email: string): Promise<CustomerRecord | null> {
  if (mayReadAll(principal)) return book.findByEmail(email);
  const numbers = [principal.customerNumber, principal.companyNumber].filter((number) => number !== null);
  const own = await Promise.all(numbers.map((number) => load(number)));
  const found = own.find((record) => record?.email != null && searchKey(record.email) === searchKey(email));
  if (found == null) throw refusal(principal);
  return found;
}

function positionOf(after: string | null | undefined): { nameKey: string; number: string } | null {
  if (after == null) return null;
  const [nameKey, number] = decodeCursor(after, 2);
  return { nameKey: String(nameKey), number: String(number) };
}

function connect(rows: readonly ListedCustomer[], hasNextPage: boolean): Omit<CustomerConnectionType, 'search'> {
  const edges = rows.map(({ record, position }) => ({ cursor: encodeCursor([position.nameKey, position.number]), node: record }));
  return { edges, nodes: rows.map(({ record }) => record), pageInfo: { hasNextPage, endCursor: edges.at(-1)?.cursor ?? null } };
}

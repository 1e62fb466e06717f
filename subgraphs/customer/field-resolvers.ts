import { Arg, Ctx, FieldResolver, ID, Int, Resolver, Root } from 'type-graphql';
import type { CustomerRecord } from '../../domain/customers.ts';
import { globalId } from '../../domain/ids.ts';
import { money, type Money } from '../../domain/money.ts';
import type { Principal } from '../../domain/principal.ts';
import { GraphMoney } from '../graph/money.ts';
import { checkPageSize } from '../graph/paging.ts';
import { mayRead, requireReadable } from './access.ts';
import type { CustomerContext } from './customer-session.ts';
import { CompanyLocationType, CompanyType, CustomerType } from './types.ts';

const CREDIT_LIMIT =
  'How much may be open at once. Shown to the customer itself, to those who act for the company and with customer:read:all; null for others, where none is set, and where its currency is unknown.';

@Resolver(() => CustomerType)
export class CustomerFields {
  @FieldResolver(() => ID)
  id(@Root() { number }: CustomerRecord): string {
    return globalId('Customer', number);
  }

  @FieldResolver(() => CompanyType, { nullable: true, description: 'The company a person buys for; a company itself.' })
  async company(@Root() record: CustomerRecord, @Ctx() { customers }: CustomerContext): Promise<CustomerRecord | null> {
    if (record.kind === 'COMPANY') return record;
    return record.companyNumber === null ? null : customers.loadCompany(record.companyNumber);
  }

  @FieldResolver(() => GraphMoney, { nullable: true, description: CREDIT_LIMIT })
  creditLimit(@Root() record: CustomerRecord, @Ctx() { customers }: CustomerContext): Money | null {
    return creditLimitFor(customers.principal, record);
  }
}

@Resolver(() => CompanyType)
export class CompanyFields {
  @FieldResolver(() => ID)
  id(@Root() { number }: CustomerRecord): string {
    return globalId('Company', number);
  }

  @FieldResolver(() => [CompanyLocationType])
  locations(@Root() { name, addresses }: CustomerRecord): readonly CompanyLocationType[] {
    return addresses.map((entry) => ({ ...entry, name: entry.address.name ?? name }));
  }

  @FieldResolver(() => [CustomerType], {
    nullable: true,
    description: 'Active persons who buy for the company, by name. For those who act for it and with customer:read:all; null, with an error, for others.',
  })
  contacts(
    @Root() { number }: CustomerRecord,
    @Arg('first', () => Int, { defaultValue: 25, description: 'At most 250.' }) first: number,
    @Ctx() { customers }: CustomerContext,
  ): Promise<readonly CustomerRecord[]> {
    requireReadable(customers.principal, number);
    return customers.loadContacts(number, checkPageSize(first));
  }

  @FieldResolver(() => GraphMoney, { nullable: true, description: CREDIT_LIMIT })
  creditLimit(@Root() record: CustomerRecord, @Ctx() { customers }: CustomerContext): Money | null {
    return creditLimitFor(customers.principal, record);
  }
}

/** An amount without a currency is no money. */
function creditLimitFor(principal: Principal, { number, creditLimit, currencyCode }: CustomerRecord): Money | null {
  return creditLimit === null || currencyCode === null || !mayRead(principal, number) ? null : money(creditLimit, currencyCode);
}

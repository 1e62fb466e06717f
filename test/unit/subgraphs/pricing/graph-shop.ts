import { graphql, type ExecutionResult } from 'graphql';
import type { CustomerRecord } from '../../../../domain/customers.ts';
import { Failure } from '../../../../domain/failure.ts';
import { ANONYMOUS, type Principal } from '../../../../domain/principal.ts';
import type { Promotion } from '../../../../domain/promotions.ts';
import { instant } from '../../../../domain/time.ts';
import type { Database } from '../../../../platform/stores/sql.ts';
import type { ShoppingContext, Subgraph } from '../../../../subgraphs/frame/module.ts';
import { pricingModule } from '../../../../subgraphs/pricing/index.ts';
import { lockPromotions, writePromotion } from '../../../../subgraphs/pricing/promotions/store.ts';
import { createTestDatabase } from '../../../support/database.ts';
import { dependenciesOf, portsOf, syncPrices, type PriceWorld } from './pricing-fixture.ts';

type Customers = Readonly<Record<string, Partial<CustomerRecord>>>;

export interface Asked {
  readonly principal?: Principal;
  readonly shopping?: Partial<ShoppingContext>;
  readonly skus?: readonly string[];
  /** SKUs of each product that is asked for beside them. */
  readonly products?: readonly (readonly string[])[];
}

/** The pricing subgraph on a database of its own, asked as the gateway asks it. */
export interface PriceShop {
  readonly database: Database;
  readonly subgraph: Subgraph<'pricing'>;
  /** What the last request asked the store and the customer system. */
  readonly statements: readonly string[];
  readonly customerReads: readonly string[];
  /** One answer per SKU and then per product; selections on the variant and on the product. */
  ask(onVariant: string, asked?: Asked, onProduct?: string): Promise<ExecutionResult>;
  sync(): Promise<void>;
  promote(promotion: Promotion): Promise<void>;
  drop(): Promise<void>;
}

export const shopper = (more: Partial<Principal> = {}): Principal => ({ ...ANONYMOUS, subject: 'x', kind: 'SHOPPER', scopes: ['price:read'], ...more });

/** Entities of an answer, in order. */
export const entities = ({ data }: ExecutionResult): readonly Record<string, unknown>[] => data!['_entities'] as never;

/** Code and field of each error. */
export const failures = ({ errors = [] }: ExecutionResult): readonly unknown[] => errors.map(({ originalError }) => [(originalError as Failure).code, (originalError as Failure).field]);

export async function openPriceShop(world: PriceWorld, customers: Customers, env: Record<string, string> = {}): Promise<PriceShop> {
  const test = await createTestDatabase();
  let statements: string[] = [];
  let customerReads: string[] = [];
  const counted: Database = { ...test.database, query: (text, values) => (statements.push(text), test.database.query(text, values)) };
  const readCustomer = async ({ number }: { readonly number: string }): Promise<CustomerRecord | null> => {
    customerReads.push(number);
    if (number === 'DOWN') throw new Failure('UPSTREAM_UNAVAILABLE', 'customers are away', { system: 'customer' });
    return number in customers ? ({ number, active: true, companyNumber: null, priceListCode: null, groupCodes: [], ...customers[number] } as CustomerRecord) : null;
  };
  const subgraph = await pricingModule.create(dependenciesOf(counted, portsOf(world), { readCustomer }, env));
  return {
    database: test.database, subgraph,
    get statements() { return statements; },
    get customerReads() { return customerReads; },
    ask: (onVariant, { principal = shopper(), shopping = {}, skus = ['S1'], products = [] } = {}, onProduct = '__typename') => {
      [statements, customerReads] = [[], []];
      const contextValue = subgraph.createContext({
        principal, shopping: { channel: null, locale: null, currencyCode: null, companyLocation: null, ...shopping }, signal: AbortSignal.timeout(5_000), deadlineAtMs: Date.now() + 5_000, traceparent: null,
      });
      const representations = [...skus.map((sku) => ({ __typename: 'ProductVariant', sku })), ...products.map((variantSkus, index) => ({ __typename: 'Product', id: `P${index}`, variantSkus }))];
      const source = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on ProductVariant { ${onVariant} } ... on Product { ${onProduct} } } }`;
      return graphql({ schema: subgraph.schema, source, contextValue, variableValues: { r: representations } });
    },
    sync: async () => void (await syncPrices(test.database, world)),
    promote: (promotion) => test.database.transaction(async (tx) => {
      await lockPromotions(tx);
      await writePromotion(tx, { ...promotion, revision: 1, changedAt: instant(0), changedBy: 'merchant' });
    }),
    drop: () => test.drop(),
  };
}

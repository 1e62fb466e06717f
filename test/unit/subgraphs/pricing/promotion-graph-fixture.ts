import { graphql } from 'graphql';
import { ANONYMOUS, type Principal } from '../../../../domain/principal.ts';
import { manualClock } from '../../../../platform/clock.ts';
import type { Subgraph } from '../../../../subgraphs/frame/module.ts';
import { pricingModule } from '../../../../subgraphs/pricing/index.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { dependenciesOf, portsOf, syncPrices, type PriceWorld } from './pricing-fixture.ts';

export interface MerchantGraph {
  readonly test: TestDatabase;
  readonly subgraph: Subgraph<'pricing'>;
  readonly clock: ReturnType<typeof manualClock>;
  /** Asks as a merchant; other scopes, another subject where given. @throws the first top-level error */
  ask<T>(source: string, variables?: object, as?: Partial<Principal>): Promise<T>;
  /** Payloads of all price.changed events since the last call. */
  takeEvents(): Promise<readonly { readonly sku: string | null; readonly priceListCode: string | null }[]>;
  close(): Promise<void>;
}

/** The pricing subgraph over a real database and a pretended ERP, as a merchant sees it. */
export async function openMerchantGraph(world: PriceWorld, startAt: string, env: Record<string, string> = {}): Promise<MerchantGraph> {
  const test = await createTestDatabase();
  const clock = manualClock(Date.parse(startAt));
  const subgraph = await pricingModule.create({ ...dependenciesOf(test.database, portsOf(world), { readCustomer: async () => null }, env), clock });
  await syncPrices(test.database, world);
  const takeEvents: MerchantGraph['takeEvents'] = async () => {
    const rows = await test.database.query<{ id: string; payload: { type: string; sku: string | null; priceListCode: string | null } }>('delete from pricing.outbox returning id, payload');
    return [...rows].sort((a, b) => Number(a.id) - Number(b.id)).map(({ payload: { sku, priceListCode } }) => ({ sku, priceListCode }));
  };
  await takeEvents();
  return {
    test, subgraph, clock, takeEvents,
    ask: async <T>(source: string, variables: object = {}, as: Partial<Principal> = {}) => {
      const principal: Principal = { ...ANONYMOUS, subject: 'merchant', kind: 'SERVICE', scopes: ['price:read', 'price:write'], ...as };
      const contextValue = subgraph.createContext({
        principal, shopping: { channel: null, locale: null, currencyCode: null, companyLocation: null }, signal: AbortSignal.timeout(5_000), deadlineAtMs: Date.now() + 5_000, traceparent: null,
      });
      const { data, errors } = await graphql({ schema: subgraph.schema, source, contextValue, variableValues: { ...variables } });
      if (errors) throw errors[0]!.originalError ?? errors[0]!;
      return data as T;
    },
    close: () => test.drop(),
  };
}

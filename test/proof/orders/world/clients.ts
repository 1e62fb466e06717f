import type { Clients, InventoryClient } from '../../../../domain/clients.ts';
import { CLIENT_METHODS } from '../../../../domain/clients.ts';
import { decimal, multiply, sum, ZERO } from '../../../../domain/decimal.ts';
import { Failure } from '../../../../domain/failure.ts';
import type { Random } from '../../world/random.ts';
import type { Fleet } from './fleet.ts';

const UNIT_PRICE = { amount: decimal('10'), currencyCode: 'EUR' as const };

/** What orders asks of subgraphs that are no part of this proof: one price, and customers who are good for it. */
const quotePrices: Clients['pricing']['quotePrices'] = async ({ lines, context }) => lines.map(({ sku, quantity }) => ({
  kind: 'PRICED',
  line: {
    sku, quantity, unitPrice: UNIT_PRICE, listPrice: UNIT_PRICE, lineTotal: { ...UNIT_PRICE, amount: multiply(UNIT_PRICE.amount, quantity) },
    discount: ZERO, promotions: [], layer: 'BASE', priceListCode: null, ruleReference: null, breakQuantity: decimal('1'), asOf: context.at,
  },
}));

export const PRICING: Clients['pricing'] = {
  quotePrices,
  readListsInForce: async () => [],
  quoteBasket: async (request) => {
    const lines = await quotePrices(request);
    return { lines, currencyCode: 'EUR', subtotal: sum(lines.flatMap((outcome) => (outcome.kind === 'PRICED' ? [outcome.line.lineTotal.amount] : []))), discount: ZERO, verdict: null };
  },
};

export const CUSTOMER: Clients['customer'] = {
  readCustomer: async ({ number }) => ({
    number, kind: 'PERSON', name: number, email: null, phone: null, taxId: null, companyNumber: null, priceListCode: null, paymentTermCode: null,
    creditLimit: null, currencyCode: null, active: true, addresses: [], updatedAt: null, references: [],
  }),
  findCustomerByEmail: async () => null,
  checkCredit: async () => ({ kind: 'APPROVED', limit: null, exposure: { amount: ZERO, currencyCode: 'EUR' } }),
  findApiKeys: async ({ prefixes }) => prefixes.map(() => null),
  noteApiKeyUses: async () => undefined,
};

/** Inventory in another process: over the network, of whichever process answers, and now and then twice. */
export function createRemoteInventory(fleet: Pick<Fleet, 'ask'>, random: Random, repeats: () => number): InventoryClient {
  const call = (method: keyof InventoryClient, argument: unknown): Promise<unknown> =>
    fleet.ask(async ({ inventory }) => {
      const answer = await (inventory.book[method] as (argument: unknown) => Promise<unknown>)(plain(argument)).catch(asRemote);
      return plain(answer ?? null);
    });
  const methods = CLIENT_METHODS.inventory.map((method) => [method, (argument: unknown) => {
    if (random.chance(repeats())) void call(method, argument).catch(() => undefined);
    return call(method, argument);
  }]);
  return Object.fromEntries(methods) as InventoryClient;
}

const plain = (value: unknown): unknown => (value === null ? null : JSON.parse(JSON.stringify(value)));

/** What is no failure of its own language leaves a process as a bug of it. */
function asRemote(error: unknown): never {
  if (error instanceof Failure) throw error;
  throw new Failure('UPSTREAM_UNAVAILABLE', (error as Error).message, { system: 'inventory', cause: error });
}


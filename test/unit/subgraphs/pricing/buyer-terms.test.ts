import { describe, expect, it } from 'vitest';
import type { CustomerRecord } from '../../../../domain/customers.ts';
import { Failure } from '../../../../domain/failure.ts';
import type { PriceBuyer } from '../../../../domain/pricing.ts';
import { ANONYMOUS } from '../../../../domain/principal.ts';
import { buyerOf, pricesNotShown, readTerms, type BuyerTerms } from '../../../../subgraphs/pricing/buyer/buyer-terms.ts';

const record = (number: string, more: Partial<CustomerRecord> = {}): CustomerRecord => ({
  number, kind: 'PERSON', name: number, email: null, phone: null, taxId: null, companyNumber: null, priceListCode: null, groupCodes: [], paymentTermCode: null,
  creditLimit: null, currencyCode: null, active: true, addresses: [], updatedAt: null, references: [], ...more,
});

const RECORDS = new Map([
  record('ANN', { companyNumber: 'ACME', priceListCode: 'ANNS', groupCodes: ['buyers', 'gold'] }),
  record('ACME', { kind: 'COMPANY', priceListCode: 'ACMES', groupCodes: ['gold', 'nobody-has-a-list-for-this', 'trade'] }),
  record('ACME-NORTH', { companyNumber: 'ACME', priceListCode: 'NORTHS' }),
  record('ACME-CLOSED', { companyNumber: 'ACME', priceListCode: 'NORTHS', active: false }),
  record('ELSE', { kind: 'COMPANY', priceListCode: 'ELSES' }),
  record('ELSE-1', { companyNumber: 'ELSE' }),
  record('BOB'),
  record('GONE', { priceListCode: 'ANNS', active: false }),
  record('OF-NOBODY', { priceListCode: 'ANNS', companyNumber: 'NOBODY' }),
].map((one) => [one.number, one]));

const SETTINGS = {
  groupLists: new Map([['buyers', 'BUYERS'], ['gold', 'GOLD'], ['trade', 'ACMES']]), channelLists: new Map([['web', 'WEB'], ['staff', 'STAFF']]), privateChannels: new Set(['staff']),
};

/** The terms, and which records were asked for before the first of them was answered, and after. */
async function terms(buyer: Partial<PriceBuyer> | null, channel: string | null = null): Promise<BuyerTerms & { readonly turns: readonly (readonly string[])[] }> {
  const turns: string[][] = [];
  let turn: string[] | null = null;
  const readCustomer = async ({ number }: { readonly number: string }): Promise<CustomerRecord | null> => {
    if (turn === null) turns.push((turn = []));
    turn.push(number);
    await new Promise((done) => setImmediate(done));
    turn = null;
    if (number === 'AWAY') throw new Failure('UPSTREAM_UNAVAILABLE', 'customers are away', { system: 'customer' });
    return RECORDS.get(number) ?? null;
  };
  const whole = buyer === null ? null : { customerNumber: null, companyNumber: null, locationNumber: null, ...buyer };
  return { ...(await readTerms({ readCustomer }, SETTINGS, whole, channel)), turns };
}
const codes = async (...asked: Parameters<typeof terms>): Promise<readonly string[]> => (await terms(...asked)).lists.map(({ layer, code }) => `${layer} ${code}`);

describe("a buyer's lists", () => {
  it('are contracts before groups before the channel, each of location, person and company, and none twice', async () => {
    expect(await codes({ customerNumber: 'ANN', companyNumber: 'ACME', locationNumber: 'ACME-NORTH' }, 'web'))
      .toEqual(['CONTRACT NORTHS', 'CONTRACT ANNS', 'CONTRACT ACMES', 'GROUP BUYERS', 'GROUP GOLD', 'CHANNEL WEB']);
    expect(await codes({ customerNumber: 'ANN' }, 'web')).toEqual(['CONTRACT ANNS', 'CONTRACT ACMES', 'GROUP BUYERS', 'GROUP GOLD', 'CHANNEL WEB']);
    expect(await codes({ companyNumber: 'ACME' })).toEqual(['CONTRACT ACMES', 'GROUP GOLD']);
    expect(await codes({ companyNumber: 'ACME', locationNumber: 'ACME' })).toEqual(['CONTRACT ACMES', 'GROUP GOLD']);
    expect(await codes({ customerNumber: 'BOB', companyNumber: 'ELSE' })).toEqual(['CONTRACT ELSES']);
    expect(await codes({ customerNumber: 'BOB' })).toEqual([]);
    expect(await codes(null, 'web')).toEqual(['CHANNEL WEB']);
    expect(await codes(null, 'a channel without a list')).toEqual([]);
  });

  it('are read at once where token and header name everybody, once for each number', async () => {
    expect((await terms({ customerNumber: 'ANN', companyNumber: 'ACME', locationNumber: 'ACME-NORTH' })).turns).toEqual([['ANN', 'ACME', 'ACME-NORTH']]);
    expect((await terms({ customerNumber: 'ANN' })).turns).toEqual([['ANN'], ['ACME']]);
    expect((await terms({ customerNumber: 'ACME', companyNumber: 'ACME', locationNumber: 'ACME' })).turns).toEqual([['ACME']]);
    expect((await terms(null)).turns).toEqual([]);
  });
});

describe('a buyer nobody knows, or no longer active', () => {
  it.each([
    ['of an unknown number', { customerNumber: 'NOBODY' }], ['who is inactive', { customerNumber: 'GONE' }], ['whose company is unknown', { customerNumber: 'OF-NOBODY' }],
    ['of an unknown company', { companyNumber: 'NOBODY' }], ['known, for a company nobody knows', { customerNumber: 'BOB', companyNumber: 'NOBODY' }],
  ])('%s pays what everybody does, where everybody is shown prices', async (_, buyer) => {
    expect(await terms(buyer, 'web')).toMatchObject({ lists: [{ layer: 'CHANNEL', code: 'WEB' }], isKnown: false, isShown: true });
    expect(await terms(buyer, 'staff')).toMatchObject({ lists: [], isKnown: false, isShown: false });
    expect(await terms(buyer)).toMatchObject({ lists: [], isKnown: false, isShown: true });
  });

  it('is told apart from who is known: a guest is shown nothing in a private channel, a customer is', async () => {
    expect(await terms(null, 'staff')).toMatchObject({ lists: [], isShown: false });
    expect(await terms({ customerNumber: 'BOB' }, 'staff')).toMatchObject({ lists: [{ layer: 'CHANNEL', code: 'STAFF' }], isKnown: true, isShown: true });
    expect(pricesNotShown('staff')).toMatchObject({ code: 'FORBIDDEN', field: ['x-channel'], message: expect.stringContaining('staff') });
  });

  it('is never taken for one whose records cannot be read', async () => {
    for (const buyer of [{ customerNumber: 'AWAY' }, { companyNumber: 'AWAY' }, { customerNumber: 'ANN', companyNumber: 'ACME', locationNumber: 'AWAY' }]) {
      await expect(terms(buyer, 'web')).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    }
  });
});

describe('a location', () => {
  const refused = { code: 'FORBIDDEN', field: ['x-company-location'] };

  it.each(['ELSE-1', 'ELSE', 'NOBODY', 'ACME-CLOSED', 'BOB'])('%s is refused to a buyer of another company, and not told from one nobody knows', async (locationNumber) => {
    const failure = await terms({ customerNumber: 'ANN', locationNumber }).then(() => null, (error: Failure) => error);
    expect(failure).toMatchObject(refused);
    expect(failure!.message).toBe(`x-company-location: ${locationNumber} is no active location of the company you buy for; name one of them, or leave the header out`);
  });

  it('is refused to who buys for no company, and to a guest', async () => {
    await expect(terms({ customerNumber: 'BOB', locationNumber: 'ACME-NORTH' })).rejects.toMatchObject(refused);
    await expect(terms({ customerNumber: 'BOB', locationNumber: 'BOB' })).rejects.toMatchObject(refused);
    await expect(terms(buyerOf(ANONYMOUS, 'ACME-NORTH'))).rejects.toMatchObject(refused);
  });
});

describe('a token', () => {
  it('that names another company than the person belongs to is refused: one of the two is out of date', async () => {
    await expect(terms({ customerNumber: 'ANN', companyNumber: 'ELSE' })).rejects.toMatchObject({ code: 'FORBIDDEN', field: ['companyNumber'] });
  });

  it('that names nobody is nobody', () => {
    expect(buyerOf(ANONYMOUS)).toBeNull();
    expect(buyerOf({ ...ANONYMOUS, customerNumber: 'ANN' }, 'ACME-NORTH')).toEqual({ customerNumber: 'ANN', companyNumber: null, locationNumber: 'ACME-NORTH' });
  });
});

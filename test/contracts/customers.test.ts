import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decimal } from '../../domain/decimal.ts';
import { readSeed } from './seed-oracle.ts';
import { call, openTargets, readPass } from './targets.ts';

for (const { name, connector, seededOn, sandbox } of await openTargets()) {
  const { customers } = connector;
  if (customers === undefined) continue;
  describe(`customers of ${name}`, () => {
    it.skipIf(seededOn === null)('are the seed\'s, archived ones and delivery addresses included', async () => {
      const found = new Map((await readPass(customers.listCustomers, 3)).map((one) => [one.number, one]));
      for (const expected of readSeed()!.customers) {
        const one = found.get(expected.code);
        expect(one, expected.code).toMatchObject({
          name: expected.name, email: expected.email, kind: expected.company ? 'COMPANY' : 'PERSON', taxId: expected.vat, companyNumber: null,
          active: (expected as { active?: boolean }).active,
        });
        const [main] = one!.addresses.filter(({ kind }) => kind === 'MAIN');
        expect(main?.address).toMatchObject({ line1: expected.address.street, city: expected.address.city, postalCode: expected.address.postalCode, countryCode: expected.address.country });
        const deliveries = one!.addresses.filter(({ kind }) => kind === 'DELIVERY').map(({ address }) => address.line1);
        if (expected.deliveryAddress) expect(deliveries).toContain(expected.deliveryAddress.street);
        // Hidden from users without accounting rights: null then, never a wrong number.
        if (expected.creditLimit !== null) expect([null, decimal(expected.creditLimit)]).toContain(one!.creditLimit);
      }
    });

    it.skipIf(seededOn === null)('name the price list of their contract', async () => {
      const lists = new Map((await readPass(connector.prices!.listPriceLists)).map((list) => [list.code, list.name]));
      const acme = (await readPass(customers.listCustomers)).find(({ number }) => number === 'C-3001');
      expect(lists.get(acme?.priceListCode ?? '')).toBe('Acme contract');
    });

    it.skipIf(seededOn === null)('are found by number, and nobody is found by a number nobody has', async () => {
      expect(await customers.findCustomer({ number: 'C-1001' }, call())).toMatch(/^\d+$/);
      expect(await customers.findCustomer({ number: 'NO-SUCH' }, call())).toBeNull();
    });

    it.skipIf(sandbox === null)('are created once, however often they are ensured', async () => {
      const reference = `T-${randomUUID()}`;
      const customer = {
        reference, kind: 'PERSON', name: 'Ada & <Grace>', email: 'ada@example.com', phone: '+1 555 0100',
        address: { name: null, company: null, line1: '1 Loop', line2: null, city: 'San Mateo', region: null, postalCode: '94016', countryCode: 'US', phone: null },
      } as const;
      const [first, second] = [await customers.ensureCustomer(customer, call()), await customers.ensureCustomer(customer, call())];
      expect(second).toBe(first);
      expect(await customers.findCustomer({ reference }, call())).toBe(first);
      const records = (await readPass(customers.listCustomers)).filter(({ number }) => number === reference);
      expect(records).toMatchObject([{ name: 'Ada & <Grace>', email: 'ada@example.com', addresses: [{ kind: 'MAIN', address: { city: 'San Mateo', countryCode: 'US' } }] }]);
    });
  });
}

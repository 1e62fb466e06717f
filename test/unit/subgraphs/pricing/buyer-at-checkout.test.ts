import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { ANONYMOUS, type Principal } from '../../../../domain/principal.ts';
import { priceBuyerOf, type Buyer } from '../../../../subgraphs/orders/placing/step-buyer.ts';
import { buyerOf } from '../../../../subgraphs/pricing/buyer/buyer-terms.ts';

const principal = (customerNumber: string | null, companyNumber: string | null = null): Principal => ({ ...ANONYMOUS, customerNumber, companyNumber });
const recorded = (customerNumber: string | null, companyNumber: string | null = null): Buyer => ({ customerNumber, companyNumber, priceListCode: null, erpCustomerNumber: null, payer: null });

describe('who orders for oneself', () => {
  it.each([
    ['in a company the token names', principal('ANN', 'ACME'), recorded('ANN')],
    ['in a company both name', principal('ANN', 'ACME'), recorded('ANN', 'ACME')],
    ['where token and record contradict each other, to be refused as on the page', principal('ANN', 'ELSE'), recorded('ANN', 'ACME')],
  ])('%s has the prices of the page', (_, who, buyer) => {
    expect(priceBuyerOf(buyer, who, 'NORTH')).toEqual(buyerOf(who, 'NORTH'));
  });

  it('has those of the company the record names where the token names none, as the page does', () => {
    expect(priceBuyerOf(recorded('ANN', 'ACME'), principal('ANN'), null)).toEqual({ customerNumber: 'ANN', companyNumber: 'ACME', locationNumber: null });
  });
});

describe('who orders for somebody else', () => {
  it("has that customer's prices, and lends it no company", () => {
    expect(priceBuyerOf(recorded('BOB'), principal('ANN', 'ACME'), null)).toEqual({ customerNumber: 'BOB', companyNumber: null, locationNumber: null });
    expect(priceBuyerOf(recorded('ACME'), principal('ANN', 'ACME'), null)).toEqual({ customerNumber: 'ACME', companyNumber: null, locationNumber: null });
  });

  it('is nobody where it is a guest, and a location without a buyer is told, to be refused', () => {
    expect(priceBuyerOf(recorded(null), principal(null), null)).toBeNull();
    expect(priceBuyerOf(recorded(null), principal(null), 'NORTH')).toEqual({ customerNumber: null, companyNumber: null, locationNumber: 'NORTH' });
  });
});

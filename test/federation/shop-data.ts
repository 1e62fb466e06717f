/** Records behind the fixture: whole objects, each subgraph shows its own part of them. */
type Row = Record<string, unknown>;

export interface ShopData {
  readonly product: Row[];
  readonly media: Row[];
  readonly category: Row[];
  readonly location: Row[];
  readonly review: Row[];
  readonly account: Row[];
  readonly offer: Row[];
}

const CM = { symbol: 'cm' };

/** A fresh copy each time: mutations change it. */
export function createShopData(): ShopData {
  return {
    product: [
      { id: 'p1', sku: 'A', region: { code: 'EU' }, name: { EN: 'Lamp', DE: 'Lampe' }, status: 'ACTIVE', dims: { w: 10, h: 20, unit: CM }, weight: 1.5, category: 'light', media: ['b1', 'f1'], related: ['p2', 'p3'], tags: [['a', null], null, []], spec: { deep: [1, { x: null }] }, stock: 5, cents: 1999 },
      { id: 'p2', sku: 'A', region: { code: 'US' }, name: { EN: 'Lamp US' }, status: 'RETIRED', dims: { w: 4, h: null, unit: null }, weight: null, category: 'light', media: [], related: ['p1'], tags: null, spec: null, stock: 0, cents: 2500 },
      { id: 'p3', sku: 'B', region: { code: 'EU' }, name: { EN: null, DE: 'Tisch' }, status: null, dims: null, weight: 30, category: 'home', media: ['b1'], related: [], tags: [], spec: 'text', stock: null, cents: null },
      { id: 'p4', sku: 'C', region: { code: 'EU' }, name: { EN: 'Chair', DE: '' }, status: 'ACTIVE', dims: { w: 0, h: 1, unit: CM }, weight: 0, category: null, media: ['f1', 'b2'], related: ['p1', 'p4'], tags: [['z']], spec: [], stock: 12, cents: 0 },
    ],
    media: [
      { __typename: 'Book', id: 'b1', title: 'Manual', pages: 12, rating: 4.5, reviewedBy: ['u1', 'u2'], related: ['f1'] },
      { __typename: 'Book', id: 'b2', title: 'Atlas', pages: 300, rating: null, reviewedBy: [], related: [] },
      { __typename: 'Film', id: 'f1', title: 'Trailer', minutes: 2, cast: ['Ann', 'Bob', 'Cy'], rating: 3, reviewedBy: ['u2'], related: ['b1', 'b2'] },
    ],
    category: [
      { code: 'home', title: 'Home', parent: null },
      { code: 'light', title: null, parent: 'home' },
    ],
    location: [
      { code: 'ber', city: 'Berlin', nearest: 'muc' },
      { code: 'muc', city: null, nearest: null },
    ],
    review: [
      { id: 'r1', body: 'Bright', author: 'u1', subject: { type: 'Product', id: 'p1' } },
      { id: 'r2', body: null, author: 'u2', subject: { type: 'Product', id: 'p1' } },
      { id: 'r3', body: '', author: null, subject: { type: 'Product', id: 'p4' } },
      { id: 'r4', body: 'Cold hall', author: 'u1', subject: { type: 'Location', id: 'ber' } },
    ],
    account: [
      { __typename: 'User', id: 'u1', name: 'Ada', email: 'ada@example.org', friend: 'u2', employer: 'c1', favourites: ['p1', 'p3'] },
      { __typename: 'User', id: 'u2', name: null, email: null, friend: null, employer: 'c1', favourites: [] },
      { __typename: 'Company', id: 'c1', taxId: 'T-1', name: 'Acme' },
    ],
    offer: [
      { __typename: 'Discount', id: 'o1', product: 'p1', percent: 10, cents: 1799 },
      { __typename: 'Bundle', id: 'o2', product: 'p2', parts: ['p1', 'p3'], cents: 4000 },
    ],
  };
}

import type { ShopData } from './shop-data.ts';

type Row = Record<string, any>;
type Args = Record<string, any>;
type Resolve = (source: Row, args: Args, context: unknown) => unknown;
export type ShopResolvers = Record<string, Record<string, Resolve>>;

/** Every field of the whole graph over the records; a subgraph takes those its SDL names, the monolith takes all. */
export function createShopResolvers(data: ShopData): ShopResolvers {
  const pick = (rows: Row[], ids: string[]): Row[] => ids.map((id) => rows.find((row) => row['id'] === id) as Row);
  const one = (rows: Row[], key: string, value: unknown): Row | null => rows.find((row) => row[key] === value) ?? null;
  const product = (id: unknown): Row | null => one(data.product, 'id', id);
  const priced = (cents: unknown, currency: string, quantity = 1): Row | null =>
    typeof cents === 'number' ? { amount: ((cents * quantity) / 100).toFixed(2), currency } : null;
  const media = { related: (row: Row) => pick(data.media, row['related']), reviewedBy: (row: Row) => pick(data.account, row['reviewedBy']) };
  const offer = { product: (row: Row) => product(row['product']), price: (row: Row) => priced(row['cents'], 'EUR') };
  return {
    ...createRoots(data),
    Product: {
      name: (row, { locale }) => row['name'][locale],
      category: (row) => one(data.category, 'code', row['category']),
      media: (row) => pick(data.media, row['media']),
      related: (row, { first }) => pick(data.product, row['related']).slice(0, first),
      levels: (row, { min }) => (row['stock'] ?? 0) < min ? [] : data.location.map((location, index) => ({ location, quantity: (row['stock'] ?? 0) + index })),
      // In a subgraph the required fields come with the representation, and only there.
      shippingClass: ({ reference, ...row }) => {
        const { weight, dims } = (reference ?? row) as Row;
        return `${weight}/${dims?.w}/${dims?.unit?.symbol}`;
      },
      taxRate: ({ reference, ...row }) => {
        const code = reference ? reference.category?.code : row['category'];
        return code === 'light' ? 0.19 : code ? 0.07 : null;
      },
      price: (row, { quantity, currency }) => priced(row['cents'], currency, quantity),
      offers: (row) => data.offer.filter(({ product: id }) => id === row['id']),
      reviews: (row, { first }) => data.review.filter(({ subject }) => (subject as Row)['id'] === row['id']).slice(0, first ?? undefined),
    },
    Book: media,
    Film: { ...media, cast: (row, { first }) => row['cast'].slice(0, first) },
    Media: media,
    Category: { parent: (row) => one(data.category, 'code', row['parent']), products: (row) => data.product.filter(({ category }) => category === row['code']) },
    Location: { nearest: (row) => one(data.location, 'code', row['nearest']), stocked: () => data.product.filter(({ stock }) => Number(stock) > 0) },
    Discount: offer,
    Bundle: { ...offer, parts: (row) => pick(data.product, row['parts']) },
    Review: {
      author: (row) => one(data.account, 'id', row['author']),
      subject: ({ subject }) => subject.type === 'Product' ? { ...product(subject.id), __typename: 'Product' } : { ...one(data.location, 'code', subject.id), __typename: 'Location' },
    },
    User: {
      reviews: (row) => data.review.filter(({ author }) => author === row['id']),
      friend: (row) => one(data.account, 'id', row['friend']),
      employer: (row) => one(data.account, 'id', row['employer']),
      favourites: (row) => pick(data.product, row['favourites']),
    },
    Company: { staff: (row) => data.account.filter(({ employer }) => employer === row['id']) },
  };
}

function createRoots(data: ShopData): ShopResolvers {
  const product = (id: unknown): Row => data.product.find((row) => row['id'] === id) as Row;
  const asProduct = (row: Row): Row => ({ ...row, __typename: 'Product' });
  return {
    Query: {
      products: (_source, { first }) => data.product.slice(0, first),
      product: (_source, { id }) => product(id) ?? null,
      grid: () => [[product('p1'), null], [], [product('p2'), product('p1'), product('p3')]],
      media: () => data.media,
      search: () => [asProduct(product('p1')), ...data.media.slice(1), asProduct(product('p4'))],
      nodes: () => [asProduct(product('p2')), null, data.media[0], data.media[2]],
      lowStock: () => data.product.filter(({ stock }) => Number(stock) < 6),
      bestOffer: () => product('p2'),
      offers: () => data.offer,
      latestReviews: () => data.review,
      topRated: () => [data.media[2], data.media[0]],
      me: () => data.account[0],
      user: (_source, { id }) => data.account.find((row) => row['id'] === id) ?? null,
      accounts: () => data.account,
    },
    Mutation: {
      rename: (_source, { id, name }) => Object.assign(product(id), { name: { EN: name } }),
      adjust: (_source, { id, by }) => Object.assign(product(id), { stock: (product(id)['stock'] ?? 0) + by }),
      reprice: (_source, { id, amount }) => Object.assign(product(id), { cents: Math.round(Number(amount) * 100) }),
    },
    Subscription: { productChanged: (event) => event },
  };
}

/** Finds the record a representation stands for, whatever key it came with. */
export function findReferenced(data: ShopData, typename: string, reference: Row): Row | null {
  const rows = { Product: data.product, Category: data.category, Location: data.location, Review: data.review, User: data.account, Company: data.account }[typename] ?? data.media;
  const fits = (row: Row): boolean =>
    reference['region'] ? row['sku'] === reference['sku'] && row['region'].code === reference['region'].code
      : ['id', 'code', 'taxId'].some((key) => reference[key] !== undefined && reference[key] === row[key]);
  const found = rows.find(fits);
  return found ? { ...found, reference } : null;
}

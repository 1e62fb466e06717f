/** SDL of five subgraphs that between them use the federation features a commerce graph meets. */
const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.5",
  import: ["@key", "@requires", "@provides", "@external", "@shareable", "@interfaceObject", "@inaccessible"])`;

const catalog = `
  type Query {
    products(first: Int = 4): [Product!]!
    product(id: ID!): Product
    grid: [[Product]!]!
    media: [Media!]!
    search(text: String): [SearchResult!]!
    nodes: [Node]!
  }
  type Mutation { rename(id: ID!, name: String!): Product! }
  type Subscription { productChanged(id: ID, first: Int = 5): Product! }
  interface Node { id: ID! }
  interface Media @key(fields: "id") { id: ID! title: String! related: [Media!]! }
  type Book implements Media & Node @key(fields: "id") { id: ID! title: String! pages: Int! related: [Media!]! }
  type Film implements Media & Node @key(fields: "id") { id: ID! title: String! minutes: Int! related: [Media!]! cast(first: Int = 2): [String!] }
  union SearchResult = Product | Book | Film
  type Product implements Node @key(fields: "id") @key(fields: "sku region { code }") {
    id: ID!
    sku: String!
    region: Region!
    name(locale: Locale = EN): String
    status: Status
    dims: Dims
    weight: Float
    category: Category
    media: [Media!]!
    related(first: Int = 2): [Product!]!
    tags: [[String]]
    spec: Json
  }
  scalar Json
  type Region @shareable { code: String! }
  type Dims @shareable { w: Int! h: Int unit: Unit }
  type Unit @shareable { symbol: String! }
  type Category @key(fields: "code") { code: String! title: String parent: Category products: [Product!]! }
  enum Locale { EN DE }
  enum Status { ACTIVE RETIRED SECRET @inaccessible }
`;

const inventory = `
  type Query { lowStock: [Product!]! }
  type Mutation { adjust(id: ID!, by: Int!): Product! }
  type Region @shareable { code: String! }
  type Dims @shareable { w: Int! h: Int unit: Unit }
  type Unit @shareable { symbol: String! }
  type Product @key(fields: "sku region { code }") {
    sku: String!
    region: Region!
    weight: Float @external
    dims: Dims @external
    stock: Int
    levels(min: Int = 0): [Level!]!
    shippingClass: String @requires(fields: "weight dims { w unit { symbol } }")
  }
  type Level { location: Location! quantity: Int! }
  type Location @key(fields: "code") { code: String! city: String nearest: Location stocked: [Product!]! }
`;

const pricing = `
  type Query { bestOffer: Product offers: [Offer!]! }
  type Mutation { reprice(id: ID!, amount: String!): Product! }
  type Product @key(fields: "id") {
    id: ID!
    price(quantity: Int = 1, currency: Currency = EUR): Price
    offers: [Offer!]!
    category: Category @external
    taxRate: Float @requires(fields: "category { code }")
  }
  type Category @key(fields: "code", resolvable: false) { code: String! }
  type Price @shareable { amount: String! currency: Currency! }
  enum Currency { EUR USD }
  interface Offer { id: ID! product: Product! price: Price! }
  type Discount implements Offer { id: ID! product: Product! price: Price! percent: Int! }
  type Bundle implements Offer { id: ID! product: Product! price: Price! parts: [Product!]! }
`;

const reviews = `
  type Query { latestReviews: [Review!]! topRated: [Media!]! }
  type Product @key(fields: "id") { id: ID! reviews(first: Int): [Review!]! }
  type Review @key(fields: "id") { id: ID! body: String author: User @provides(fields: "name") subject: Subject! }
  union Subject = Product | Location
  type Location @key(fields: "code", resolvable: false) { code: String! }
  type User @key(fields: "id") { id: ID! name: String @external reviews: [Review!]! }
  type Media @key(fields: "id") @interfaceObject { id: ID! rating: Float reviewedBy: [User!]! }
`;

const accounts = `
  type Query { me: User user(id: ID!): User accounts: [Account!]! }
  interface Account { id: ID! name: String }
  type User implements Account @key(fields: "id") { id: ID! name: String @shareable email: String friend: User employer: Company favourites: [Product!]! }
  type Company implements Account @key(fields: "id") @key(fields: "taxId") { id: ID! taxId: String! name: String staff: [User!]! }
  type Product @key(fields: "id", resolvable: false) { id: ID! }
`;

/** Name of the subgraph to its SDL. */
export const shopSchemas: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({ catalog, inventory, pricing, reviews, accounts }).map(([name, sdl]) => [name, `${LINK}\n${sdl}`]),
);

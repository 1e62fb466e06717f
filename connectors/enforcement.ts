import type { Capabilities, Connector, List, Page } from '../domain/connector.ts';
import { Failure } from '../domain/failure.ts';
import type { PortMap, PortName } from '../domain/ports.ts';
import type { Log } from '../platform/log.ts';
import { keepOwned, type Entities, type EntityName, type Owners } from './ownership.ts';

/** Which method of a port lists which entity. */
const LISTED: { readonly [N in PortName]: Readonly<Record<string, EntityName>> } = {
  items: { listItems: 'Item' },
  content: { listCategories: 'CategoryContent', listProducts: 'ProductContent', listVariants: 'VariantContent' },
  stock: { listStock: 'StockLevel' },
  receipts: { listReceipts: 'Receipt' },
  prices: { listPrices: 'ListPrice', listPriceLists: 'PriceList', listPriceRules: 'PriceRule' },
  customers: { listCustomers: 'CustomerRecord' },
  orders: { listOrders: 'ErpOrder' },
  shipments: { listShipments: 'ShipmentRecord' },
  returns: { listCreditMemos: 'CreditMemoRecord' },
};

/** What a claimed ability needs of the ports. */
const CLAIMS: readonly { readonly ability: keyof Capabilities; readonly method: string; readonly kept: (connector: Connector) => boolean }[] = [
  { ability: 'liveStock', method: 'stock.readStock', kept: ({ stock }) => stock !== undefined },
  { ability: 'nativeAtp', method: 'stock.readAtp', kept: ({ stock }) => stock?.readAtp !== undefined },
  { ability: 'serverPrice', method: 'prices.quotePrices', kept: ({ prices }) => prices?.quotePrices !== undefined },
];

/** A connector must be able to do what it says, and say what it can. @throws Failure MISCONFIGURED naming the ability and the method */
export function checkClaims(connector: Connector): void {
  for (const { ability, method, kept } of CLAIMS) {
    if (connector.capabilities[ability] && !kept(connector)) {
      throw new Failure('MISCONFIGURED', `connector "${connector.name}" (${connector.vendor}) claims ${ability} but has no ${method}`, { field: ['connections', connector.name] });
    }
  }
  if (connector.stock?.readAtp && !connector.capabilities.nativeAtp) {
    throw new Failure('MISCONFIGURED', `connector "${connector.name}" (${connector.vendor}) has stock.readAtp but does not say nativeAtp`, { field: ['connections', connector.name] });
  }
}

export type CountRefusal = (source: string, refused: string) => void;

/** The port with every listed record cut down to what its source owns. */
export function enforcePort<N extends PortName>(name: N, port: PortMap[N], source: string, owners: Owners, count: CountRefusal): PortMap[N] {
  const methods = port as unknown as Readonly<Record<string, List<Entities[EntityName]>>>;
  const enforced = Object.entries(LISTED[name]).map(([method, entity]) => {
    const list = methods[method] as List<Entities[EntityName]>;
    return [method, async (...args: Parameters<typeof list>) => keepPage(await list(...args), entity, source, owners, count)] as const;
  });
  return { ...port, ...Object.fromEntries(enforced) };
}

function keepPage<E extends EntityName>(page: Page<Entities[E]>, entity: E, source: string, owners: Owners, count: CountRefusal): Page<Entities[E]> {
  const records = page.records.flatMap((original) => {
    const { record, refused } = keepOwned(owners, entity, source, original);
    for (const field of refused) count(source, field);
    return record === null ? [] : [record];
  });
  return { ...page, records };
}

export interface Refusals {
  readonly counts: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly count: CountRefusal;
}

/** Counts what was not listened to; each field is logged the first time. */
export function countRefusals(log: Log): Refusals {
  const counts = new Map<string, Map<string, number>>();
  return {
    counts,
    count: (source, refused) => {
      const ofSource = counts.get(source) ?? new Map<string, number>();
      counts.set(source, ofSource);
      const before = ofSource.get(refused) ?? 0;
      ofSource.set(refused, before + 1);
      if (before === 0) log.info({ source, refused }, 'a source said what another owns: not listened to');
    },
  };
}

/** The merchant's stock keeping unit, as the ERP spells it. Case and spaces matter. At most 64 characters. */
export type Sku = string;

export type LocationCode = string;
export type ChannelCode = string;
/** BCP 47 with underscore as PIMs write it: "en_US". */
export type Locale = string;

/** How one record is called in another system. */
export interface ExternalReference {
  /** Connector instance, e.g. "erp". */
  readonly system: string;
  /** The other system's entity, e.g. "product.product". */
  readonly type: string;
  readonly value: string;
}

const encode = (text: string): string => Buffer.from(text, 'utf8').toString('base64url');

/** Opaque global id of a node: callers must not look inside. */
export const globalId = (typeName: string, key: string): string => encode(`${typeName}:${key}`);

/** The key inside a global id, or null when the id is none of `typeName`'s. */
export function keyFromGlobalId(typeName: string, id: string): string | null {
  const text = Buffer.from(id, 'base64url').toString('utf8');
  return text.startsWith(`${typeName}:`) && globalId(typeName, text.slice(typeName.length + 1)) === id
    ? text.slice(typeName.length + 1)
    : null;
}

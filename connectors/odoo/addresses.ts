import type { CallContext } from '../../domain/connector.ts';
import type { PostalAddress } from '../../domain/customers.ts';
import { Failure } from '../../domain/failure.ts';
import type { OdooClient } from './client.ts';

/** Columns of res.partner an address goes to. @throws Failure UPSTREAM_REJECTED for a country Odoo does not know */
export async function writeAddress(client: OdooClient, address: PostalAddress, call: CallContext): Promise<Record<string, unknown>> {
  const countryId = await findCountry(client, address.countryCode, call);
  return {
    street: address.line1,
    street2: address.line2 ?? false,
    city: address.city,
    zip: address.postalCode ?? false,
    country_id: countryId,
    state_id: address.region === null ? false : await findRegion(client, countryId, address.region, call),
  };
}

export interface AddressWanted {
  readonly customerId: number;
  readonly address: PostalAddress;
  readonly kind: 'delivery' | 'invoice';
}

/** A contact with exactly this address under the customer: which one it is, and what it would be made of. */
export interface AddressFound {
  readonly id: number | null;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Looks, and writes nothing. @throws Failure UPSTREAM_REJECTED for a country Odoo does not know */
export async function findAddress(client: OdooClient, { customerId, address, kind }: AddressWanted, call: CallContext): Promise<AddressFound> {
  const values = {
    ...(await writeAddress(client, address, call)),
    type: kind,
    name: address.name ?? address.company ?? address.line1,
    phone: address.phone ?? false,
    parent_id: customerId,
  };
  const domain = Object.entries(values).map(([column, value]) => [column, '=', value]);
  const [known] = await client.read<number[]>({ model: 'res.partner', method: 'search', args: { domain, order: 'id', limit: 1 } }, call);
  return { id: known ?? null, values };
}

/** Its id, made when there is none. */
export async function ensureAddress(client: OdooClient, { id, values }: AddressFound, call: CallContext): Promise<number> {
  if (id !== null) return id;
  const [created] = await client.write<number[]>({ model: 'res.partner', method: 'create', args: { vals_list: [values] } }, call);
  if (created === undefined) throw new Failure('UPSTREAM_MALFORMED', 'res.partner/create answered no id', { system: client.system });
  return created;
}

async function findCountry(client: OdooClient, code: string, call: CallContext): Promise<number> {
  const [id] = await client.read<number[]>({ model: 'res.country', method: 'search', args: { domain: [['code', '=', code]], limit: 1 } }, call);
  if (id === undefined) throw new Failure('UPSTREAM_REJECTED', `Odoo knows no country ${code}`, { system: client.system, field: ['countryCode'] });
  return id;
}

/** By code or name; a region Odoo does not list is left out rather than refused: the street still finds its way. */
async function findRegion(client: OdooClient, countryId: number, region: string, call: CallContext): Promise<number | false> {
  const domain = [['country_id', '=', countryId], '|', ['code', '=', region], ['name', '=', region]];
  const [id] = await client.read<number[]>({ model: 'res.country.state', method: 'search', args: { domain, limit: 1 } }, call);
  return id ?? false;
}

import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { CustomerAddress, PostalAddress } from '../../domain/customers.ts';
import type { ExternalReference } from '../../domain/ids.ts';
import { GraphExternalReference } from '../graph/external-reference.ts';
import { GraphPostalAddress } from '../graph/postal-address.ts';

const AddressKind = { MAIN: 'MAIN', DELIVERY: 'DELIVERY', INVOICE: 'INVOICE', OTHER: 'OTHER' } as const satisfies { [K in CustomerAddress['kind']]: K };

registerEnumType(AddressKind, { name: 'CustomerAddressKind', description: 'What an address is used for.' });

@ObjectType('CustomerAddress', { description: 'An address of a customer as the system that owns customers keeps it.' })
class CustomerAddressType {
  @Field(() => String, { description: 'Stable within its customer.' })
  reference!: string;

  @Field(() => AddressKind)
  kind!: CustomerAddress['kind'];

  @Field(() => GraphPostalAddress)
  address!: PostalAddress;
}

@ObjectType('CompanyLocation', { description: 'A place a company is reached or delivered at.' })
export class CompanyLocationType {
  @Field(() => String, { description: 'Stable within its company.' })
  reference!: string;

  @Field(() => String, { description: "The address's own name, else the company's." })
  name!: string;

  @Field(() => AddressKind)
  kind!: CustomerAddress['kind'];

  @Field(() => GraphPostalAddress)
  address!: PostalAddress;
}

@Directive('@key(fields: "id")')
@Directive('@key(fields: "number")')
@ObjectType('Customer', {
  description: 'Who buys: a person or a company, under the number of the system that owns customers. Personal data; from the read model, seconds to minutes old.',
})
export class CustomerType {
  @Field(() => ID, { description: 'The customer number; unique.' })
  number!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true })
  email!: string | null;

  @Field(() => String, { nullable: true })
  phone!: string | null;

  @Field(() => String, { nullable: true, description: 'Code of the agreed payment terms.' })
  paymentTermCode!: string | null;

  @Field(() => String, { nullable: true, description: 'Code of the agreed price list; null = none agreed with this customer itself.' })
  priceListCode!: string | null;

  @Field(() => Boolean, { description: 'False when archived: no more orders, still named by old ones.' })
  active!: boolean;

  @Field(() => [CustomerAddressType])
  addresses!: readonly CustomerAddress[];

  @Field(() => [GraphExternalReference], { name: 'externalReferences' })
  references!: readonly ExternalReference[];
}

@Directive('@key(fields: "id")')
@Directive('@key(fields: "number")')
@ObjectType('Company', { description: 'A business customer. From the read model of the system that owns customers, seconds to minutes old.' })
export class CompanyType {
  @Field(() => ID, { description: 'The customer number; unique.' })
  number!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true, description: 'VAT or other tax number.' })
  taxId!: string | null;

  @Field(() => String, { nullable: true, description: 'Code of the agreed price list; null = none agreed.' })
  priceListCode!: string | null;

  @Field(() => Boolean, { description: 'False when archived.' })
  active!: boolean;
}

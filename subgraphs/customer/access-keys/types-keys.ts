import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { DocumentPolicy, Role } from '../../../domain/roles.ts';
import type { Instant } from '../../../domain/time.ts';
import { GraphPageInfo } from '../../graph/paging.ts';
import { GraphDateTime } from '../../graph/scalars.ts';
import { GraphUserError } from '../../graph/user-error.ts';
import type { KeyState, StoredKey } from './stored-key.ts';

const GraphRole = {
  STOREFRONT: 'storefront', SHOPPER: 'shopper', BUYER: 'buyer', MARKETPLACE: 'marketplace', CHECKOUT: 'checkout', SERVICE: 'service', FINANCE: 'finance', OPERATIONS: 'operations', ADMIN: 'admin',
} as const satisfies { [R in Role as Uppercase<R>]: R };
registerEnumType(GraphRole, {
  name: 'AccessRole',
  description: 'What a caller is by its business; each has the scopes that business needs.',
  valuesConfig: {
    STOREFRONT: { description: 'A shop\'s pages, in everybody\'s browser: sees catalogue, availability and prices, by trusted documents.' },
    SHOPPER: { description: 'A person who shops.' },
    BUYER: { description: 'Somebody who buys for a company.' },
    MARKETPLACE: { description: 'Lists on one channel and brings its orders.' },
    CHECKOUT: { description: 'A server that places orders for those who shop.' },
    SERVICE: { description: 'A system behind the shop: exact stock, all orders, carriers\' news.' },
    FINANCE: { description: 'Margins, orders and customers; approves prices.' },
    OPERATIONS: { description: 'Runs the shop.' },
    ADMIN: { description: 'Decides who may do what.' },
  },
});

const GraphDocuments = { ANY: 'ANY', TRUSTED: 'TRUSTED' } as const satisfies { [P in DocumentPolicy]: P };
registerEnumType(GraphDocuments, {
  name: 'DocumentPolicy',
  description: 'Which operations a caller may send.',
  valuesConfig: { ANY: { description: 'Any.' }, TRUSTED: { description: 'Trusted documents only: operations registered before.' } },
});

export const GraphKeyState = { ACTIVE: 'ACTIVE', EXPIRED: 'EXPIRED', REVOKED: 'REVOKED' } as const satisfies { [S in KeyState]: S };
registerEnumType(GraphKeyState, { name: 'ApiKeyState', description: 'Whether an API key opens.' });

@ObjectType('ApiKeySecret', { description: 'One of the at most two secrets of a key that open. What it is nobody can read: only its hash is kept.' })
export class GraphApiKeySecret {
  @Field(() => GraphDateTime)
  createdAt!: Instant;

  @Field(() => GraphDateTime, { nullable: true, description: 'Until when it opens; null: as long as its key.' })
  expiresAt!: Instant | null;

  @Field(() => GraphDateTime, { nullable: true, description: 'To the minute; null: not yet. Of the older secret it says whether somebody still has to change over.' })
  lastUsedAt!: Instant | null;
}

@ObjectType('ApiKey', { description: 'An API key: whoever sends it in x-api-key is its principal. Source of truth: here. A change holds on every gateway within a second.' })
export class GraphApiKey {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { description: 'What the key begins with, up to its dot. Not secret; the subject of what it does is "key:" and this.' })
  prefix!: string;

  @Field(() => String, { description: 'Whose it is, for people.' })
  label!: string;

  @Field(() => GraphRole)
  role!: Role;

  @Field(() => [String], { description: 'As given when it was made. Of these it has what its role still has.' })
  scopes!: readonly string[];

  @Field(() => ID, { nullable: true, description: 'Sales channel it is bound to; null: it may name one.' })
  channel!: string | null;

  @Field(() => ID, { nullable: true, description: 'Customer it acts for.' })
  customerNumber!: string | null;

  @Field(() => ID, { nullable: true, description: 'Company it acts for.' })
  companyNumber!: string | null;

  @Field(() => GraphDocuments)
  documents!: DocumentPolicy;

  @Field(() => GraphDateTime, { nullable: true, description: 'Null: never.' })
  expiresAt!: Instant | null;

  @Field(() => GraphDateTime)
  createdAt!: Instant;

  @Field(() => String, { description: 'Subject of who made it.' })
  createdBy!: string;

  @Field(() => GraphDateTime, { nullable: true })
  revokedAt!: Instant | null;

  @Field(() => String, { nullable: true })
  revokedBy!: string | null;
}

@ObjectType('ApiKeyConnection', { description: 'Newest first.' })
export class GraphApiKeyConnection {
  @Field(() => [GraphApiKey])
  nodes!: readonly StoredKey[];

  @Field(() => GraphPageInfo)
  pageInfo!: GraphPageInfo;
}

@InputType('ApiKeyFilter', { description: 'All that are given must fit.' })
export class ApiKeyFilter {
  @Field(() => GraphKeyState, { nullable: true })
  state?: KeyState | null;

  @Field(() => GraphRole, { nullable: true })
  role?: Role | null;

  @Field(() => ID, { nullable: true })
  channel?: string | null;
}

const IDEMPOTENCY = 'The same key with the same input does nothing again and answers the same API key, but not its text; at most 255 characters.';

@InputType('CreateApiKeyInput')
export class CreateApiKeyInput {
  @Field(() => String, { description: IDEMPOTENCY })
  idempotencyKey!: string;

  @Field(() => String, { description: 'Whose it is, for people. 1 to 100 characters.' })
  label!: string;

  @Field(() => GraphRole)
  role!: Role;

  @Field(() => [String], { nullable: true, description: 'Some of the role\'s scopes; null: all it has now.' })
  scopes?: readonly string[] | null;

  @Field(() => ID, { nullable: true, description: 'Binds the key to a sales channel: it can ask for no other. A marketplace\'s key must have one.' })
  channel?: string | null;

  @Field(() => ID, { nullable: true, description: 'Of a shopper\'s key, or a buyer\'s: the customer it acts for.' })
  customerNumber?: string | null;

  @Field(() => ID, { nullable: true, description: 'Of a buyer\'s key: the company it acts for.' })
  companyNumber?: string | null;

  @Field(() => GraphDocuments, { nullable: true, description: 'Null: as the role has it. A storefront\'s key sends trusted documents only.' })
  documents?: DocumentPolicy | null;

  @Field(() => GraphDateTime, { nullable: true, description: 'Null: never.' })
  expiresAt?: Instant | null;
}

@InputType('RotateApiKeyInput')
export class RotateApiKeyInput {
  @Field(() => String, { description: IDEMPOTENCY })
  idempotencyKey!: string;

  @Field(() => ID)
  id!: string;

  @Field(() => Int, { defaultValue: 86_400, description: 'How long the secret that is replaced still opens, in seconds: 0 to 2592000 (30 days). 0 after a leak.' })
  overlapSeconds!: number;
}

@InputType('RevokeApiKeyInput')
export class RevokeApiKeyInput {
  @Field(() => ID)
  id!: string;
}

@ObjectType('ApiKeySecretPayload', { description: 'Either the key as it is now, or userErrors.' })
export class GraphApiKeySecretPayload {
  @Field(() => GraphApiKey, { nullable: true })
  apiKey!: StoredKey | null;

  @Field(() => String, { nullable: true, description: 'What is sent in x-api-key. Told this once and kept nowhere: null when the request is repeated; rotate where it was lost.' })
  key!: string | null;

  @Field(() => [GraphUserError])
  userErrors!: readonly GraphUserError[];
}

@ObjectType('RevokeApiKeyPayload', { description: 'Either the key as it is now, or userErrors: NOT_FOUND.' })
export class GraphRevokeApiKeyPayload {
  @Field(() => GraphApiKey, { nullable: true })
  apiKey!: StoredKey | null;

  @Field(() => [GraphUserError])
  userErrors!: readonly GraphUserError[];
}

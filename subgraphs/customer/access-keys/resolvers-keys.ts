import { Arg, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Failure, invalidInput } from '../../../domain/failure.ts';
import type { Principal } from '../../../domain/principal.ts';
import { instant, type Instant } from '../../../domain/time.ts';
import type { GraphContext } from '../../frame/module.ts';
import { NeedsScopes } from '../../graph/access.ts';
import { checkPageSize, decodeCursor, encodeCursor } from '../../graph/paging.ts';
import { GraphDateTime } from '../../graph/scalars.ts';
import { createKey, revokeKey, rotateKey, type KeyTools } from './key-desk.ts';
import { listKeys } from './store-keys.ts';
import { liveSecrets, stateOf, type KeyState, type StoredKey, type StoredSecret } from './stored-key.ts';
import {
  ApiKeyFilter, CreateApiKeyInput, GraphApiKey, GraphApiKeyConnection, GraphApiKeySecret, GraphApiKeySecretPayload, GraphKeyState, GraphRevokeApiKeyPayload, RevokeApiKeyInput, RotateApiKeyInput,
} from './types-keys.ts';

export interface AccessKeysContext extends GraphContext {
  readonly accessKeys: KeyTools;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Who is bound to a channel decides for nobody: most scopes know no channel. @throws Failure FORBIDDEN */
function requireUnbound({ channel }: Principal): void {
  if (channel !== null) throw new Failure('FORBIDDEN', 'credentials that are bound to a channel do not manage API keys');
}

const nowOf = ({ clock }: KeyTools): Instant => instant(clock.now());

@Resolver(() => GraphApiKey)
export class ApiKeyResolver {
  @NeedsScopes(['access:admin'])
  @Query(() => GraphApiKeyConnection, { description: 'API keys made here, newest first; never their text or hash. Those of API_KEYS_FILE are not among them. Source of truth: here; as of now.' })
  async apiKeys(
    @Arg('filter', () => ApiKeyFilter, { nullable: true }) filter: ApiKeyFilter | null | undefined,
    @Arg('first', () => Int, { defaultValue: 50, description: 'At most 250.' }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null | undefined,
    @Ctx() { accessKeys, scope }: AccessKeysContext,
  ): Promise<GraphApiKeyConnection> {
    requireUnbound(scope.principal);
    const limit = checkPageSize(first);
    const { state = null, role = null, channel = null } = filter ?? {};
    const found = await listKeys(accessKeys.database, { state, role, channel, now: nowOf(accessKeys), after: after == null ? null : positionOf(after), limit: limit + 1 });
    const nodes = found.slice(0, limit);
    const last = nodes.at(-1);
    return { nodes, pageInfo: { hasNextPage: found.length > limit, endCursor: last ? encodeCursor([last.createdAt, last.id]) : null } };
  }

  @NeedsScopes(['access:admin'])
  @Mutation(() => GraphApiKeySecretPayload, { description: 'Makes an API key; it opens at once. Its text is in this answer and nowhere else. Audited, idempotent by key.' })
  createApiKey(@Arg('input', () => CreateApiKeyInput) input: CreateApiKeyInput, @Ctx() { accessKeys, scope }: AccessKeysContext): Promise<GraphApiKeySecretPayload> {
    requireUnbound(scope.principal);
    const { idempotencyKey, label, role, scopes = null, channel = null, customerNumber = null, companyNumber = null, documents = null, expiresAt = null } = input;
    return createKey(accessKeys, { actor: scope.principal.subject, idempotencyKey, label, role, scopes, channel, customerNumber, companyNumber, documents, expiresAt });
  }

  @NeedsScopes(['access:admin'])
  @Mutation(() => GraphApiKeySecretPayload, {
    description: 'Gives an API key a second text beside the one it has, which goes on opening for the overlap: CONFLICT while two open already. Prefix, role and orders stay. Audited, idempotent by key.',
  })
  rotateApiKey(@Arg('input', () => RotateApiKeyInput) { idempotencyKey, id, overlapSeconds }: RotateApiKeyInput, @Ctx() { accessKeys, scope }: AccessKeysContext): Promise<GraphApiKeySecretPayload> {
    requireUnbound(scope.principal);
    return rotateKey(accessKeys, { actor: scope.principal.subject, idempotencyKey, id: checkId(id), overlapSeconds });
  }

  @NeedsScopes(['access:admin'])
  @Mutation(() => GraphRevokeApiKeyPayload, { description: 'Ends an API key for good: refused by every gateway within a second, its connections closed. One that is revoked already stays as it is. Audited.' })
  async revokeApiKey(@Arg('input', () => RevokeApiKeyInput) { id }: RevokeApiKeyInput, @Ctx() { accessKeys, scope }: AccessKeysContext): Promise<GraphRevokeApiKeyPayload> {
    requireUnbound(scope.principal);
    const { apiKey, userErrors } = await revokeKey(accessKeys, { actor: scope.principal.subject, id: checkId(id) });
    return { apiKey, userErrors };
  }

  @FieldResolver(() => GraphKeyState)
  state(@Root() key: StoredKey, @Ctx() { accessKeys }: AccessKeysContext): KeyState {
    return stateOf(key, nowOf(accessKeys));
  }

  @FieldResolver(() => [GraphApiKeySecret], { description: 'Those that open, oldest first: two while the key is being rotated.' })
  secrets(@Root() key: StoredKey, @Ctx() { accessKeys }: AccessKeysContext): readonly StoredSecret[] {
    return stateOf(key, nowOf(accessKeys)) === 'ACTIVE' ? liveSecrets(key, nowOf(accessKeys)) : [];
  }

  @FieldResolver(() => GraphDateTime, { nullable: true, description: 'To the minute; null: not yet.' })
  lastUsedAt(@Root() { secrets }: StoredKey): Instant | null {
    return secrets.map(({ lastUsedAt }) => lastUsedAt).filter((at) => at !== null).sort().at(-1) ?? null;
  }
}

/** @throws Failure INVALID_INPUT */
function checkId(id: string): string {
  const lower = id.toLowerCase();
  if (!UUID.test(lower)) throw invalidInput(['id'], `${JSON.stringify(id)} is no id of an API key; take it from apiKeys`);
  return lower;
}

function positionOf(cursor: string): { readonly at: Instant; readonly id: string } {
  const [at, id] = decodeCursor(cursor, 2).map(String);
  if (Number.isNaN(Date.parse(at!)) || !UUID.test(id!)) throw invalidInput(['after'], 'after is not a cursor of this list; pass pageInfo.endCursor of the previous page unchanged');
  return { at: instant(at!), id: id! };
}

import { Arg, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { NeedsScopes } from '../../graph/access.ts';
import { checkPageSize, decodeCursor, encodeCursor } from '../../graph/paging.ts';
import type { OrdersContext } from '../context.ts';
import { userErrorsOf } from '../resolution/manual-action.ts';
import { builtInMappings } from './built-in.ts';
import type { CodeMapping } from './code-map.ts';
import { removeCodeMapping, setCodeMapping, systemOf, type CodeOutcome } from './set-code.ts';
import { listMappings } from './store.ts';
import { GraphCodeKind, GraphCodeMapping, GraphCodeMappingConnection, GraphCodeMappingPayload, RemoveCodeMappingInput, SetCodeMappingInput } from './types.ts';

@Resolver(() => GraphCodeMapping)
export class CodeMappingResolver {
  @NeedsScopes(['operations'])
  @Query(() => GraphCodeMappingConnection, { description: 'What a system calls our codes, by kind and our code.' })
  async codeMappings(
    @Arg('kind', () => GraphCodeKind, { nullable: true, description: 'Default: every kind.' }) kind: GraphCodeKind | null | undefined,
    @Arg('system', () => String, { nullable: true, description: 'Default: the system that takes orders.' }) system: string | null | undefined,
    @Arg('first', () => Int, { defaultValue: 100 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null | undefined,
    @Ctx() { operator }: OrdersContext,
  ): Promise<GraphCodeMappingConnection> {
    const limit = checkPageSize(first);
    const asked = systemOf(operator, system ?? null);
    const position = after == null ? null : decodeCursor(after, 2).map(String);
    const page = { system: asked, kind: kind ?? null, after: position && { kind: position[0]!, ours: position[1]! }, limit: limit + 1 };
    const rows = await listMappings(operator.database, page, builtInMappings(operator.config, asked));
    const nodes = rows.slice(0, limit);
    const last = nodes.at(-1);
    return { nodes, pageInfo: { hasNextPage: rows.length > limit, endCursor: last ? encodeCursor([last.kind, last.ours]) : null } };
  }

  @NeedsScopes(['operations'])
  @Mutation(() => GraphCodeMappingPayload, { description: 'Says what a system calls a code of ours; in force for the next attempt of every order. Audited, idempotent by key.' })
  setCodeMapping(@Arg('input', () => SetCodeMappingInput) input: SetCodeMappingInput, @Ctx() { operator, scope }: OrdersContext): Promise<GraphCodeMappingPayload> {
    const { idempotencyKey, system, kind, ours, theirs, trackingUrl, names, retryWaiting } = input;
    return answer(() => {
      const text = { system: systemOf(operator, system ?? null), kind, ours, theirs, ...(trackingUrl != null && { trackingUrl }), ...(names != null && { names }) };
      return setCodeMapping(operator, { actor: scope.principal.subject, idempotencyKey }, text, retryWaiting);
    });
  }

  @NeedsScopes(['operations'])
  @Mutation(() => GraphCodeMappingPayload, { description: 'Takes a mapping back. Audited, idempotent by key.' })
  removeCodeMapping(@Arg('input', () => RemoveCodeMappingInput) input: RemoveCodeMappingInput, @Ctx() { operator, scope }: OrdersContext): Promise<GraphCodeMappingPayload> {
    const { idempotencyKey, system, kind, ours } = input;
    return answer(() => removeCodeMapping(operator, { actor: scope.principal.subject, idempotencyKey }, systemOf(operator, system ?? null), { kind, ours: ours.trim() }));
  }

  @FieldResolver(() => String, { nullable: true })
  trackingUrl(@Root() { detail }: CodeMapping): string | null {
    return detail.trackingUrl ?? null;
  }

  @FieldResolver(() => [String])
  names(@Root() { detail }: CodeMapping): readonly string[] {
    return detail.names ?? [];
  }
}

async function answer(work: () => Promise<CodeOutcome>): Promise<GraphCodeMappingPayload> {
  try {
    const outcome = await work();
    const { ordersWaiting } = outcome;
    const warnings = ordersWaiting === 0 ? [] : [{ message: `${ordersWaiting} order(s) wait for this code: repeat with retryWaiting: true and a new key, or retryOrder` }];
    return { ...outcome, userErrors: [], warnings };
  } catch (error) {
    return { mapping: null, ordersWaiting: 0, ordersRetried: 0, userErrors: userErrorsOf(error), warnings: [] };
  }
}

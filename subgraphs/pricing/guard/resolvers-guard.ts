import { Arg, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { invalidInput } from '../../../domain/failure.ts';
import { NeedsScopes } from '../../graph/access.ts';
import { userErrorOf } from '../../graph/user-error.ts';
import type { Decision, DecisionRequest } from './decide-parked.ts';
import type { GuardContext, ParkedPage } from './guard-desk.ts';
import { sentenceOf, type ParkedChange } from './parked-change.ts';
import {
  DecidePriceChangeInput, DecidePriceChangesInput, GraphDifference, graphKind, GraphKindEnum, GraphPendingPriceChange, GraphPendingPriceChangeConnection,
  GraphPriceChangeDecisionPayload, GraphPriceChangesDecisionPayload, PendingPriceChangeFilter,
} from './types-guard.ts';

@Resolver(() => GraphPendingPriceChange)
export class PendingPriceChangeResolver {
  @NeedsScopes(['price:approve'], ['operations'])
  @Query(() => GraphPendingPriceChangeConnection, { description: 'Changes of prices that are not served until somebody approves them, whoever has waited longest first. Source of truth: here; as of now.' })
  pendingPriceChanges(
    @Arg('first', () => Int, { defaultValue: 24 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null | undefined,
    @Arg('filter', () => PendingPriceChangeFilter, { nullable: true }) filter: PendingPriceChangeFilter | null | undefined,
    @Ctx() { guard }: GuardContext,
  ): Promise<ParkedPage> {
    return guard.list(filter ?? {}, first, after ?? null);
  }

  @FieldResolver(() => GraphKindEnum, { description: 'What of the source has changed.' })
  kind(@Root() change: ParkedChange): string {
    return graphKind(change);
  }

  @FieldResolver(() => String, { description: 'Why it waits, for people.' })
  explanation(@Root() change: ParkedChange): string {
    return sentenceOf(change);
  }

  @FieldResolver(() => [GraphDifference], { description: 'What of the record is otherwise.' })
  differences(@Root() { before, after }: ParkedChange): readonly GraphDifference[] {
    const fields = Object.keys(after ?? before ?? {}).filter((name) => !name.startsWith('cost_'));
    return fields
      .map((field) => ({ field, before: textOf(before?.[field]), after: textOf(after?.[field]) }))
      .filter((difference) => difference.before !== difference.after);
  }
}

@Resolver(() => GraphPendingPriceChangeConnection)
export class PendingPriceChangeConnectionResolver {
  @FieldResolver(() => Int, { description: 'Of all pages; counted only where it is asked for.' })
  totalCount(@Root() { filter }: ParkedPage, @Ctx() { guard }: GuardContext): Promise<number> {
    return guard.count(filter);
  }
}

@Resolver()
export class PriceGuardMutationResolver {
  @NeedsScopes(['price:approve'])
  @Mutation(() => GraphPriceChangeDecisionPayload, { description: 'Serves a parked change at once, as the source says it. Audited, idempotent by key.' })
  approvePriceChange(@Arg('input', () => DecidePriceChangeInput) input: DecidePriceChangeInput, @Ctx() context: GuardContext): Promise<GraphPriceChangeDecisionPayload> {
    return decideOne(context, 'APPROVED', input);
  }

  @NeedsScopes(['price:approve'])
  @Mutation(() => GraphPriceChangeDecisionPayload, { description: 'Keeps the old price until the source says something else. Audited, idempotent by key.' })
  rejectPriceChange(@Arg('input', () => DecidePriceChangeInput) input: DecidePriceChangeInput, @Ctx() context: GuardContext): Promise<GraphPriceChangeDecisionPayload> {
    return decideOne(context, 'REJECTED', input);
  }

  @NeedsScopes(['price:approve'])
  @Mutation(() => GraphPriceChangesDecisionPayload, { description: 'Serves several parked changes, or all of one pass, together or not at all. Audited, idempotent by key.' })
  approvePriceChanges(@Arg('input', () => DecidePriceChangesInput) input: DecidePriceChangesInput, @Ctx() context: GuardContext): Promise<GraphPriceChangesDecisionPayload> {
    return decideMany(context, 'APPROVED', input);
  }

  @NeedsScopes(['price:approve'])
  @Mutation(() => GraphPriceChangesDecisionPayload, { description: 'Rejects several parked changes, or all of one pass, together or not at all. Audited, idempotent by key.' })
  rejectPriceChanges(@Arg('input', () => DecidePriceChangesInput) input: DecidePriceChangesInput, @Ctx() context: GuardContext): Promise<GraphPriceChangesDecisionPayload> {
    return decideMany(context, 'REJECTED', input);
  }
}

async function decideOne({ guard, scope }: GuardContext, decision: Decision, { id, idempotencyKey, note }: DecidePriceChangeInput): Promise<GraphPriceChangeDecisionPayload> {
  const { changes, userErrors } = await guard.decide({ actor: scope.principal.subject, idempotencyKey, decision, of: { id: id.toLowerCase() }, note: note ?? null });
  return { change: changes[0] ?? null, userErrors };
}

function decideMany({ guard, scope }: GuardContext, decision: Decision, { ids, batchId, idempotencyKey, note }: DecidePriceChangesInput): Promise<GraphPriceChangesDecisionPayload> {
  if ((ids == null) === (batchId == null)) return Promise.resolve({ changes: [], userErrors: [userErrorOf(invalidInput(['ids'], 'give either ids or batchId'))] });
  const of: DecisionRequest['of'] = ids == null ? { batchId: batchId!.toLowerCase() } : { ids: [...new Set(ids.map((id) => id.toLowerCase()))] };
  return guard.decide({ actor: scope.principal.subject, idempotencyKey, decision, of, note: note ?? null });
}

const textOf = (value: unknown): string | null => (value == null ? null : typeof value === 'object' ? JSON.stringify(value) : String(value));

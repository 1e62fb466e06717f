import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { invalidInput } from '../../domain/failure.ts';
import type { AvailabilityCheck, CheckedLine, LineOutcome, Location } from '../../domain/inventory.ts';
import { NeedsScopes } from '../graph/access.ts';
import type { InventoryContext } from './loaders.ts';
import { AvailabilityCheckType, AvailabilityConfirmedType, CheckAvailabilityInput, SourcedQuantityType, type CheckedLineType } from './types-check.ts';

@Resolver(() => AvailabilityCheckType)
export class AvailabilityCheckResolver {
  @NeedsScopes(['availability:read'])
  @Query(() => AvailabilityCheckType, { description: 'Asks the ERP now, for checkout. Never answers from memory without saying so.' })
  async checkAvailability(@Arg('input', () => CheckAvailabilityInput) input: CheckAvailabilityInput, @Ctx() context: InventoryContext): Promise<AvailabilityCheckType> {
    const { book, scope } = context;
    if (input.holdId != null && (await book.readHold(input.holdId, scope.principal.subject)) === null) {
      throw invalidInput(['holdId'], 'holdId names no hold of yours');
    }
    const check: AvailabilityCheck = {
      lines: input.lines,
      channel: scope.shopping.channel,
      requestedOn: input.requestedDate ?? null,
      holdId: input.holdId ?? null,
      deadlineMs: input.deadlineMs ?? book.defaultDeadlineMs,
    };
    const lines = await book.checkAvailability(check, scope);
    return { lines: lines.map((line) => presentLine(line, context)) };
  }
}

function presentLine({ sku, requested, outcome, evidence }: CheckedLine, context: InventoryContext): CheckedLineType {
  const isUnknown = outcome.kind === 'REJECTED' && outcome.reason === 'UNKNOWN_SKU';
  return { sku, requested, variant: isUnknown ? null : { sku }, outcome: presentOutcome(outcome, context) as never, ...evidence };
}

/** The outcome under the names of the graph, with quantities the caller may see. `kind` picks the type. */
function presentOutcome(outcome: LineOutcome, { show }: InventoryContext): object {
  switch (outcome.kind) {
    case 'CONFIRMED':
      return outcome;
    case 'PARTIAL': {
      const schedule = outcome.schedule.map(({ date, quantity }) => ({ date, quantity: show(quantity) }));
      return { kind: outcome.kind, confirmedQuantity: show(outcome.confirmed), schedule };
    }
    case 'REJECTED':
      return { kind: outcome.kind, reason: outcome.reason, earliestDate: outcome.earliest };
    case 'UNVERIFIED': {
      const { kind, policy, accepted, lastKnown } = outcome;
      return { kind, policy, accepted, lastKnownQuantity: lastKnown === null ? null : show(lastKnown) };
    }
  }
}

@Resolver(() => AvailabilityConfirmedType)
export class AvailabilityConfirmedResolver {
  @FieldResolver(() => [SourcedQuantityType], { description: 'The locations it comes from; one where one suffices.' })
  async sources(@Root() { sources }: AvailabilityConfirmedType, @Ctx() { locations }: InventoryContext): Promise<SourcedQuantityType[]> {
    const byCode = new Map((await locations()).map((location) => [location.code, location]));
    return sources.map(({ locationCode, quantity }) => ({ location: byCode.get(locationCode) ?? unlisted(locationCode), quantity }));
  }
}

/** A location that left the ERP's list since the line was decided. */
export const unlisted = (code: string): Location => ({ code, name: code, priority: 0, active: false });

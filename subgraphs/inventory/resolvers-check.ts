import { Arg, Ctx, Directive, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { AvailabilityCheck, CheckedLine, LineOutcome, LineSource, Location } from '../../domain/inventory.ts';
import { NeedsScopes } from '../graph/access.ts';
import type { InventoryContext } from './loaders.ts';
import { LocationType } from './types.ts';
import {
  AvailabilityAlternativeType, AvailabilityCheckType, AvailabilityConfirmedType, AvailabilityPartialType, CheckAvailabilityInput, SourcedQuantityType, type CheckedLineType,
} from './types-check.ts';

@Resolver(() => AvailabilityCheckType)
export class AvailabilityCheckResolver {
  @NeedsScopes(['availability:read'])
  // A request to the ERP, while it waits.
  @Directive('@cost(weight: 500)')
  @Query(() => AvailabilityCheckType, { description: 'Asks the ERP now, for checkout. Never answers from memory without saying so.' })
  async checkAvailability(@Arg('input', () => CheckAvailabilityInput) input: CheckAvailabilityInput, @Ctx() context: InventoryContext): Promise<AvailabilityCheckType> {
    const { book, scope } = context;
    const check: AvailabilityCheck = {
      lines: input.lines,
      channel: scope.shopping.channel,
      requestedOn: input.requestedDate ?? null,
      holdId: input.holdId ?? null,
      owner: scope.principal.subject,
      shipTo: input.shipTo ?? null,
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
      return { kind: outcome.kind, confirmedQuantity: show(outcome.confirmed), schedule, sources: outcome.sources.map((source) => ({ ...source, quantity: show(source.quantity) })) };
    }
    case 'REJECTED':
      return {
        kind: outcome.kind, reason: outcome.reason, earliestDate: outcome.earliest,
        alternatives: outcome.alternatives.map((alternative) => ({ ...alternative, quantity: show(alternative.quantity) })),
      };
    case 'UNVERIFIED': {
      const { kind, policy, accepted, lastKnown } = outcome;
      return { kind, policy, accepted, lastKnownQuantity: lastKnown === null ? null : show(lastKnown) };
    }
  }
}

const presentSources = async (sources: readonly LineSource[], { locations }: InventoryContext): Promise<SourcedQuantityType[]> => {
  const byCode = new Map((await locations()).map((location) => [location.code, location]));
  return sources.map(({ sku, locationCode, quantity }) => ({ location: byCode.get(locationCode) ?? unlisted(locationCode), quantity, variant: { sku } }));
};

@Resolver(() => AvailabilityConfirmedType)
export class AvailabilityConfirmedResolver {
  @FieldResolver(() => [SourcedQuantityType], { description: 'Where it comes from; of a part sold by lead time nothing.' })
  sources(@Root() { sources }: AvailabilityConfirmedType, @Ctx() context: InventoryContext): Promise<SourcedQuantityType[]> {
    return presentSources(sources, context);
  }
}

@Resolver(() => AvailabilityPartialType)
export class AvailabilityPartialResolver {
  @FieldResolver(() => [SourcedQuantityType], { description: 'Where the confirmed quantity comes from; capped for callers without availability:exact.' })
  sources(@Root() { sources }: AvailabilityPartialType, @Ctx() context: InventoryContext): Promise<SourcedQuantityType[]> {
    return presentSources(sources, context);
  }
}

@Resolver(() => AvailabilityAlternativeType)
export class AvailabilityAlternativeResolver {
  @FieldResolver(() => LocationType, { nullable: true, description: 'A location that has it but does not serve the asker; null: from those that do.' })
  async location(@Root() { locationCode }: AvailabilityAlternativeType, @Ctx() { locations }: InventoryContext): Promise<Location | null> {
    return locationCode === null ? null : ((await locations()).find((location) => location.code === locationCode) ?? unlisted(locationCode));
  }
}

/** A location that left the ERP's list since the line was decided. */
export const unlisted = (code: string): Location => ({ code, name: code, priority: 0, active: false });

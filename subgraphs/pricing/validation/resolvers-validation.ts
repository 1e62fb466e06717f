import { Arg, Ctx, Directive, Int, Mutation, Query, Resolver } from 'type-graphql';
import { asFailure, invalidInput, type Failure } from '../../../domain/failure.ts';
import { NeedsScopes } from '../../graph/access.ts';
import { checkPageSize, decodeCursor, encodeCursor } from '../../graph/paging.ts';
import { userError, UserErrorCode, userErrorOf, type GraphUserError } from '../../graph/user-error.ts';
import type { PricingContext } from '../reading/price-session.ts';
import { buyerOf } from '../buyer/buyer-terms.ts';
import { listDifferences, type DifferencePosition } from './difference-store.ts';
import { PriceDifferenceConnection, PriceDifferenceFilterInput, ValidatePricesInput, ValidatePricesPayload } from './types-validation.ts';
import { validatePrices, type ValidationTools } from './validate-prices.ts';

export interface ValidationContext extends PricingContext {
  readonly validation: ValidationTools;
}

@Resolver()
export class ValidationResolver {
  @NeedsScopes(['price:read'])
  // As many requests to the ERP as there are prices in the sample.
  @Directive('@cost(weight: 2000)')
  @Mutation(() => ValidatePricesPayload, {
    description: 'Compares a sample of the caller\'s prices with what the ERP charges itself, as a storefront does when a buyer signs in. At most once a minute for each buyer; sooner, the last answer comes again. Differences are kept for operations people.',
  })
  async validatePrices(@Arg('input', () => ValidatePricesInput) input: ValidatePricesInput, @Ctx() { scope, validation }: ValidationContext): Promise<ValidatePricesPayload> {
    const { principal, shopping, signal, traceparent } = scope;
    const buyer = principal.customerNumber === null && principal.companyNumber === null ? null : buyerOf(principal, shopping.companyLocation);
    if (buyer === null) return refused(userError(UserErrorCode.FORBIDDEN, [], 'prices are compared for a buyer: sign in as a customer'));
    const deadlineMs = Math.min(PATIENCE * validation.deadlineMs, scope.deadlineAtMs - validation.clock.now() - MARGIN_MS);
    const caller = { subject: principal.subject, buyer, channel: principal.channel ?? shopping.channel, signal, traceparent };
    try {
      const { idempotencyKey, sampleSize, skus = null } = input;
      return { validation: await validatePrices({ ...validation, deadlineMs }, caller, { idempotencyKey, sampleSize, skus }), userErrors: [] };
    } catch (error) {
      return refused(refusalOf(asFailure(error)));
    }
  }

  @NeedsScopes(['operations'])
  @Query(() => PriceDifferenceConnection, { description: 'Prices the ERP told otherwise than they are served here. Source of truth: here; found when buyers sign in and at checkout.' })
  async priceDifferences(
    @Arg('first', () => Int, { defaultValue: 24 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null | undefined,
    @Arg('filter', () => PriceDifferenceFilterInput, { nullable: true }) filter: PriceDifferenceFilterInput | null | undefined,
    @Ctx() { validation: { database } }: ValidationContext,
  ): Promise<PriceDifferenceConnection> {
    const limit = checkPageSize(first);
    const { open = null, sku = null, priceListCode = null } = filter ?? { open: true };
    const rows = await listDifferences(database, { open, sku, priceListCode }, after == null ? null : positionOf(after), limit + 1);
    const nodes = rows.slice(0, limit);
    const last = nodes.at(-1);
    return { nodes, pageInfo: { hasNextPage: rows.length > limit, endCursor: last ? encodeCursor([last.lastSeenAt, last.id]) : null } };
  }
}

/** A sample is several baskets, and nobody waits to pay for it. */
const PATIENCE = 4;
/** Left of the request's time to write down what was found. */
const MARGIN_MS = 250;

const refused = (error: GraphUserError): ValidatePricesPayload => ({ validation: null, userErrors: [error] });

/** A prohibition is the caller's to read; what else there is beside input and conflicts is an error of the whole answer. */
function refusalOf(failure: Failure): GraphUserError {
  if (failure.code === 'UNSUPPORTED') return userError(UserErrorCode.UNSUPPORTED, [], failure.message);
  if (failure.code === 'FORBIDDEN') return userError(UserErrorCode.FORBIDDEN, failure.field ?? [], failure.message);
  if (failure.code === 'CONFLICT') return userError(UserErrorCode.CONFLICT, failure.field ?? [], failure.message, true);
  return userErrorOf(failure);
}

function positionOf(cursor: string): DifferencePosition {
  const [lastSeenAt, id] = decodeCursor(cursor, 2).map(String);
  if (Number.isNaN(Date.parse(lastSeenAt!)) || !/^\d{1,19}$/.test(id!)) throw invalidInput(['after'], 'after is not a cursor of this list; pass pageInfo.endCursor of the previous page unchanged');
  return { lastSeenAt: lastSeenAt!, id: id! };
}

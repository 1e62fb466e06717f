import { isCurrencyCode } from '../../domain/money.ts';
import { invalidInput } from '../../domain/failure.ts';
import type { Principal } from '../../domain/principal.ts';
import type { RequestScope, ShoppingContext } from '../../subgraphs/frame/module.ts';

export type HeaderReader = (name: string) => string | undefined;

const LOCALE = /^[a-z]{2,3}(?:[_-][A-Za-z]{2,4})?$/;
const CHANNEL = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;
/** A customer number: any printable text without a space at its ends. */
const LOCATION = /^[!-~](?:[ -~]{0,62}[!-~])?$/;

/**
 * Where the caller shops, from headers (or connection parameters) and the token: one place, and part of every cache key.
 * @throws Failure INVALID_INPUT naming the header.
 */
export function readShopping(header: HeaderReader, principal: Principal): ShoppingContext {
  const locale = header('x-locale')?.replace('-', '_') ?? null;
  const channel = header('x-channel') ?? null;
  const currencyCode = header('x-currency') ?? null;
  const companyLocation = header('x-company-location') ?? null;
  if (locale !== null && !LOCALE.test(locale)) throw invalidInput(['x-locale'], 'x-locale must look like en_US');
  if (channel !== null && !CHANNEL.test(channel)) throw invalidInput(['x-channel'], 'x-channel must be a channel code');
  if (currencyCode !== null && !isCurrencyCode(currencyCode)) throw invalidInput(['x-currency'], 'x-currency must be an ISO 4217 code');
  if (companyLocation !== null && !LOCATION.test(companyLocation)) throw invalidInput(['x-company-location'], 'x-company-location must be a customer number of 1 to 64 characters');
  // A caller bound to a channel cannot shop in another one.
  return { locale, channel: principal.channel ?? channel, currencyCode, companyLocation };
}

export interface ScopeParts {
  readonly principal: Principal;
  readonly shopping: ShoppingContext;
  /** Aborted when the caller leaves. */
  readonly left: AbortSignal;
  readonly nowMs: number;
  readonly deadlineMs: number;
  readonly traceparent: string | null;
}

/** One request's scope: its signal is aborted when the caller leaves or the deadline passes. */
export function openScope({ principal, shopping, left, nowMs, deadlineMs, traceparent }: ScopeParts): RequestScope {
  return { principal, shopping, signal: left, deadlineAtMs: nowMs + deadlineMs, traceparent };
}

import type { CallRequest } from '../../platform/call/policy.ts';
import type { Clock } from '../../platform/clock.ts';

export interface Grant {
  readonly access_token: string;
  readonly refresh_token: string;
  /** Seconds. */
  readonly expires_in: number;
}

/** Asks the token endpoint with one grant's fields. */
export type Ask = (fields: Readonly<Record<string, string>>, asked: CallRequest) => Promise<Grant>;

export interface Tokens {
  /** A token good for at least a minute. */
  read(asked: CallRequest): Promise<string>;
  /** This one was refused: forget it, and get another by password. */
  refuse(token: string): void;
}

const MARGIN_MS = 60_000;

/** Password grant, then refresh grants; one request for all who wait. A refused refresh falls back to the password. */
export function keepTokens(ask: Ask, credentials: { readonly username: string; readonly password: string }, clock: Clock): Tokens {
  let held: { readonly grant: Grant; readonly untilMs: number } | null = null;
  let pending: Promise<Grant> | null = null;
  const byPassword = (asked: CallRequest): Promise<Grant> => ask({ grant_type: 'password', ...credentials }, asked);
  const renew = (asked: CallRequest): Promise<Grant> =>
    held === null
      ? byPassword(asked)
      : ask({ grant_type: 'refresh_token', refresh_token: held.grant.refresh_token }, asked).catch(() => byPassword(asked));
  return {
    read: async (asked) => {
      if (held !== null && clock.now() < held.untilMs - MARGIN_MS) return held.grant.access_token;
      pending ??= renew(asked).finally(() => (pending = null));
      const grant = await pending;
      held = { grant, untilMs: clock.now() + grant.expires_in * 1_000 };
      return grant.access_token;
    },
    refuse: (token) => {
      if (held?.grant.access_token === token) held = null;
    },
  };
}

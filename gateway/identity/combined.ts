import { Failure } from '../../domain/failure.ts';
import { SCOPES, type Principal } from '../../domain/principal.ts';
import type { Identity, KeyIdentity } from './identity.ts';
import { earlier } from './key-match.ts';

/**
 * A key and a token in one request: the person of the token, where the key may be. What binds the key binds the person;
 * what the key may do beyond the person, the person may not - but for a storefront's, which is in everybody's hands.
 * @throws Failure FORBIDDEN when token and key are bound otherwise
 */
export function combine(key: KeyIdentity, token: Identity): Identity {
  const [a, b] = [key.principal, token.principal];
  const isStorefront = key.role === 'storefront';
  const principal: Principal = {
    subject: b.subject,
    kind: b.kind,
    scopes: isStorefront ? SCOPES.filter((scope) => a.scopes.includes(scope) || b.scopes.includes(scope)) : b.scopes,
    channel: agreed('channel', a, b, true),
    customerNumber: agreed('customerNumber', a, b, false),
    companyNumber: agreed('companyNumber', a, b, false),
  };
  const traffic = isStorefront ? token.traffic : key.traffic;
  const recheck = rechecks(key, token);
  return {
    principal,
    expiresAtMs: earlier(key.expiresAtMs, token.expiresAtMs),
    documents: key.documents === 'TRUSTED' || token.documents === 'TRUSTED' ? 'TRUSTED' : 'ANY',
    ...(traffic && { traffic }),
    ...(recheck && { recheck }),
    proofs: [...(key.proofs ?? [a.subject]), ...(token.proofs ?? [b.subject])],
  };
}

const WORDS = { channel: 'channel', customerNumber: 'customer', companyNumber: 'company' } as const;

/** What the token says, within what the key is bound to. A token without a channel takes the key's; one without a customer is nobody's. */
function agreed(field: keyof typeof WORDS, key: Principal, token: Principal, inherits: boolean): string | null {
  const [bound, said] = [key[field], token[field]];
  if (bound === null || bound === said) return said;
  if (inherits && said === null) return bound;
  throw new Failure('FORBIDDEN', `the API key is bound to another ${WORDS[field]} than the token`);
}

function rechecks(...identities: readonly Identity[]): (() => Promise<boolean>) | null {
  const all = identities.flatMap(({ recheck }) => (recheck ? [recheck] : []));
  if (all.length === 0) return null;
  return async () => (await Promise.all(all.map((recheck) => recheck()))).every(Boolean);
}

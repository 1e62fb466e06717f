import { SCOPES, type Scope } from '../../../domain/principal.ts';
import { rightsOf, type DocumentPolicy, type Role } from '../../../domain/roles.ts';
import type { Instant } from '../../../domain/time.ts';
import { userError, UserErrorCode, type GraphUserError } from '../../graph/user-error.ts';
import type { KeyedRequest } from './store-requests.ts';

export interface CreateRequest extends KeyedRequest {
  readonly label: string;
  readonly role: Role;
  /** Null: all of the role. */
  readonly scopes: readonly string[] | null;
  readonly channel: string | null;
  readonly customerNumber: string | null;
  readonly companyNumber: string | null;
  /** Null: the role's own. */
  readonly documents: DocumentPolicy | null;
  /** Null: never. */
  readonly expiresAt: Instant | null;
}

const LONGEST_KEY = 255;
const LONGEST_LABEL = 100;
const CHANNEL = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

const invalid = (field: string, message: string): GraphUserError => userError(UserErrorCode.INVALID_INPUT, [field], message);

/** PostgreSQL holds neither NUL nor half a character. */
const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();
const isText = (text: string, longest: number): boolean => text.trim() !== '' && text.length <= longest && isStorable(text);

export const checkIdempotencyKey = (key: string): readonly GraphUserError[] =>
  isText(key, LONGEST_KEY) ? [] : [invalid('idempotencyKey', `idempotencyKey must have 1 to ${LONGEST_KEY} characters that can be stored`)];

/** Everything that is wrong with the request by itself. */
export function checkCreate(request: CreateRequest, now: Instant): readonly GraphUserError[] {
  const { label, channel, role, expiresAt } = request;
  return [
    ...checkIdempotencyKey(request.idempotencyKey),
    ...(isText(label, LONGEST_LABEL) ? [] : [invalid('label', `label must have 1 to ${LONGEST_LABEL} characters that can be stored`)]),
    ...(channel === null || CHANNEL.test(channel) ? [] : [invalid('channel', 'channel must be a channel code')]),
    ...(channel !== null && rightsOf(role).kind === 'OPERATIONS' ? [invalid('channel', `the role ${role} is about every channel: leave it out`)] : []),
    ...(channel === null && role === 'marketplace' ? [invalid('channel', 'a marketplace sells on one channel: name it')] : []),
    ...(expiresAt !== null && expiresAt <= now ? [invalid('expiresAt', `expiresAt must be later than now, ${now}`)] : []),
    ...checkScopes(request),
    ...checkBinding(request),
  ];
}

function checkScopes({ role, scopes }: CreateRequest): readonly GraphUserError[] {
  if (scopes === null) return [];
  if (scopes.length === 0) return [invalid('scopes', 'name at least one scope, or leave scopes out for all of the role')];
  const most: readonly string[] = rightsOf(role).scopes;
  return scopes.flatMap((scope, index) =>
    most.includes(scope) ? [] : [userError(UserErrorCode.INVALID_INPUT, ['scopes', String(index)], `the role ${role} does not have ${JSON.stringify(scope)}; it has ${most.join(', ')}`)]);
}

/** Only who acts for a customer is one: a key of a service that is bound to one would price and order in its name. */
function checkBinding({ role, customerNumber, companyNumber }: CreateRequest): readonly GraphUserError[] {
  const mayBe = { customerNumber: role === 'shopper' || role === 'buyer', companyNumber: role === 'buyer' };
  return [
    ...(customerNumber !== null && !mayBe.customerNumber ? [invalid('customerNumber', 'only keys of the roles shopper and buyer act for a customer')] : []),
    ...(companyNumber !== null && !mayBe.companyNumber ? [invalid('companyNumber', 'only keys of the role buyer act for a company')] : []),
    ...(role === 'shopper' && customerNumber === null ? [invalid('customerNumber', 'name the customer the key acts for')] : []),
    ...(role === 'buyer' && companyNumber === null ? [invalid('companyNumber', 'name the company the key acts for')] : []),
  ];
}

/** In the order of the list of scopes, each once. */
export function scopesOf({ role, scopes }: CreateRequest): readonly Scope[] {
  const wanted: readonly string[] = scopes ?? rightsOf(role).scopes;
  return SCOPES.filter((scope) => wanted.includes(scope));
}

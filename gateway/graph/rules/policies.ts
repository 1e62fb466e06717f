import { SCOPES, type Principal } from '../../../domain/principal.ts';
import { isRole, rightsOf, ROLES, type Role } from '../../../domain/roles.ts';

/** Whether a policy named by `@policy` holds for a caller. Asked once per policy, operation and event: it must be cheap. */
export type PolicyEvaluator = (policy: string, principal: Principal) => boolean;

export interface Policies {
  /** Every name that can be decided; a supergraph that names another one is not served. */
  readonly names: ReadonlySet<string>;
  readonly decide: PolicyEvaluator;
}

type Test = (principal: Principal) => boolean;

/**
 * Policies as configuration says them: "name=scope+scope" holds for who has all of these scopes, "name=role:finance" for who may
 * do all that the role may; both may be mixed: "name=role:service+price:read". A name that is said twice holds when one of them does.
 * @throws Error naming the entry that is unusable
 */
export function createPolicies(entries: readonly string[]): Policies {
  const tests = new Map<string, Test[]>();
  for (const entry of entries) {
    const separator = entry.indexOf('=');
    const name = entry.slice(0, separator).trim();
    if (separator < 1 || name === '') throw unusable(entry, 'write name=scope+scope, or name=role:finance');
    const parts = entry.slice(separator + 1).split('+').map((part) => readTest(entry, part.trim()));
    tests.set(name, [...(tests.get(name) ?? []), (principal) => parts.every((holds) => holds(principal))]);
  }
  return {
    names: new Set(tests.keys()),
    decide: (policy, principal) => tests.get(policy)?.some((holds) => holds(principal)) ?? false,
  };
}

/** Where nothing is configured: a supergraph with `@policy` is not served. */
export const NO_POLICIES: Policies = createPolicies([]);


function readTest(entry: string, part: string): Test {
  const role = part.startsWith('role:') ? part.slice('role:'.length) : null;
  if (role !== null) {
    if (!isRole(role)) throw unusable(entry, `there is no role "${role}"; roles are ${ROLES.join(', ')}`);
    return (principal) => acts(principal, role);
  }
  const scope = SCOPES.find((known) => known === part);
  if (!scope) throw unusable(entry, `"${part}" is no scope and no role:<name>; scopes are ${SCOPES.join(', ')}`);
  return ({ scopes }) => scopes.includes(scope);
}

/** Kind and scopes, which is all that reaches us of a role. */
function acts({ kind, scopes }: Principal, role: Role): boolean {
  const rights = rightsOf(role);
  return kind === 'DEVELOPMENT' || (kind === rights.kind && rights.scopes.every((scope) => scopes.includes(scope)));
}

const unusable = (entry: string, why: string): Error => new Error(`POLICIES: "${entry}" cannot be used: ${why}`);

import { GraphQLError, Kind, type ConstDirectiveNode, type ConstValueNode } from 'graphql';
import { satisfiesScopes, type Principal } from '../../../domain/principal.ts';
import { argumentOf, type RuleDirective } from './links.ts';
import type { PolicyEvaluator } from './policies.ts';

/** One of the alternatives must hold whole. Empty = nothing is asked for, as Apollo's composition and router read it. */
export type Alternatives = readonly (readonly string[])[];

/** What one coordinate asks of a caller: all of it. */
export interface Requirement {
  /** Signed in, whoever it is. */
  readonly signedIn: boolean;
  readonly scopes: Alternatives;
  readonly policies: Alternatives;
}

/** What the directives of one coordinate ask for together; null = nothing. */
export function readRequirement(directives: readonly ConstDirectiveNode[], names: ReadonlyMap<string, RuleDirective>): Requirement | null {
  let found: Requirement | null = null;
  for (const directive of directives) {
    const meaning = names.get(directive.name.value);
    const known: Requirement = found ?? { signedIn: false, scopes: [], policies: [] };
    if (meaning === 'authenticated') found = { ...known, signedIn: true };
    // Scopes belong to somebody: nobody holds some without being signed in.
    if (meaning === 'requiresScopes') found = { ...known, signedIn: true, scopes: readAlternatives(argumentOf(directive, 'scopes')) };
    if (meaning === 'policy') found = { ...known, policies: readAlternatives(argumentOf(directive, 'policies')) };
  }
  return found;
}

// As GraphQL coerces lists: a value that is no list is a list of it.
const listOf = (value: ConstValueNode | undefined): readonly ConstValueNode[] => (value?.kind === Kind.LIST ? value.values : value ? [value] : []);

const readAlternatives = (value: ConstValueNode | undefined): Alternatives =>
  listOf(value).map((all) => listOf(all).map((one) => (one.kind === Kind.STRING || one.kind === Kind.ENUM ? one.value : '')));

/** @throws GraphQLError UNAUTHENTICATED to a stranger, FORBIDDEN to somebody, saying what `place` needs */
export function admit(place: string, { signedIn, scopes, policies }: Requirement, principal: Principal, decide: PolicyEvaluator): void {
  const anonymous = principal.kind === 'ANONYMOUS';
  if (signedIn && anonymous) throw refuse(place, scopes.length === 0 ? 'a signed-in caller' : `the scope ${inWords(scopes)}`, true);
  if (scopes.length > 0 && !satisfiesScopes(principal, scopes)) throw refuse(place, `the scope ${inWords(scopes)}`, anonymous);
  const holds = policies.length === 0 || policies.some((all) => all.every((policy) => decide(policy, principal)));
  if (!holds) throw refuse(place, `the policy ${inWords(policies)}`, anonymous);
}

const inWords = (alternatives: Alternatives): string => alternatives.map((all) => all.join(' and ')).join(', or ');

function refuse(place: string, what: string, anonymous: boolean): GraphQLError {
  const [code, status] = anonymous ? (['UNAUTHENTICATED', 401] as const) : (['FORBIDDEN', 403] as const);
  return new GraphQLError(`${place} needs ${what}.`, { extensions: { code, http: { status } } });
}

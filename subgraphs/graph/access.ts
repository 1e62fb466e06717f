import { Directive, UseMiddleware, type MiddlewareFn } from 'type-graphql';
import { Failure } from '../../domain/failure.ts';
import { satisfiesScopes, type Principal, type Scope } from '../../domain/principal.ts';
import type { GraphContext } from '../frame/module.ts';

/** @throws Failure UNAUTHENTICATED or FORBIDDEN naming the missing scope. */
export function requireScopes(principal: Principal, alternatives: readonly (readonly Scope[])[]): void {
  if (satisfiesScopes(principal, alternatives)) return;
  const wanted = alternatives.map((all) => all.join(' and ')).join(', or ');
  if (principal.kind === 'ANONYMOUS') throw new Failure('UNAUTHENTICATED', `sign in with a token or API key that has ${wanted}`);
  throw new Failure('FORBIDDEN', `this needs the scope ${wanted}`);
}

/**
 * Guards a field: declares `@requiresScopes` for the gateway and checks again here, so that a caller who reaches the
 * subgraph directly gains nothing. One array per alternative.
 */
export function NeedsScopes(...alternatives: readonly (readonly Scope[])[]): MethodDecorator & PropertyDecorator {
  const guard: MiddlewareFn<GraphContext> = ({ context }, next) => {
    requireScopes(context.scope.principal, alternatives);
    return next();
  };
  const declare = Directive(`@requiresScopes(scopes: ${JSON.stringify(alternatives)})`);
  const check = UseMiddleware(guard);
  return (target: object, key: string | symbol, descriptor?: PropertyDescriptor) => {
    declare(target, key, descriptor as never);
    check(target, key, descriptor as never);
  };
}

import { GraphQLError, type ExecutionResult } from 'graphql';
import { Failure, invalidInput } from '../../domain/failure.ts';
import { audienceOf } from '../../domain/principal.ts';
import { isCursor } from '../../platform/stores/event-log.ts';
import type { SubscriptionDefinition } from '../../subgraphs/frame/subscription.ts';
import type { OperationPlan } from '../execution/planning/operation-plan.ts';
import { subscriptionRootField, type SubscriptionRootField } from '../execution/fetching/subscription-root.ts';
import type { PreparedOperation } from '../pipeline/prepared-operation.ts';
import { SubscriberGroup, SLOW_AFTER_MS } from './group.ts';
import type { SubscriptionHubOptions } from './options.ts';
import { createPageReader, type PageReader } from './page-reader.ts';
import type { Subscriber } from './subscriber.ts';

/** One subscription's results. */
export interface SubscriptionStream extends AsyncIterableIterator<ExecutionResult> {
  /** Where another one would miss nothing that this has not delivered yet. */
  readonly resumeAfter: string;
}

export interface SubscriptionHub {
  /**
   * Opens a subscription: one result per matching event, executed through the graph.
   * It rejects with a GraphQLError where it cannot go on; its `resumeAfter` is where another one misses nothing.
   * @param lastEventId where to resume from when the operation itself does not say: the last `id` of an event stream
   * @throws GraphQLError or Failure before anything is subscribed
   */
  open(operation: PreparedOperation, lastEventId?: string | null): Promise<SubscriptionStream>;
  /** True once it closes: a stream that ends now ends here, not everywhere. */
  readonly isClosing: boolean;
  /** Ends every subscription after what waits for it, and opens none any more: the drain before a stop. */
  close(): Promise<void>;
}

/** A group and those who are in it or on their way: it is left only when nobody is coming either. */
interface Shared {
  readonly group: Promise<SubscriberGroup>;
  users: number;
}

/** How many looks for slow subscribers there are in the time they are given. */
const LOOKS = 6;

export function createSubscriptionHub(options: SubscriptionHubOptions): SubscriptionHub {
  const byField = new Map(options.definitions.map((definition) => [definition.field, definition]));
  const rooms = new Rooms(options);
  let isClosing = false;
  const sweep = setInterval(() => rooms.endSlow(), (options.slowAfterMs ?? SLOW_AFTER_MS) / LOOKS).unref();
  return {
    get isClosing() {
      return isClosing;
    },
    open: async (operation, lastEventId = null) => {
      if (isClosing) throw stopping();
      const plan = operation.graph.executor.plan({ source: operation.source, document: operation.document, operationName: operation.operation.name?.value });
      const root = subscriptionRootField(plan, operation.variables);
      const definition = byField.get(root.name);
      if (!definition) throw new GraphQLError(`Nothing feeds the subscription ${root.name} here.`, { extensions: { code: 'UNSUPPORTED' } });
      definition.check(root.args as never, operation.scope.principal);
      const after = resumeFrom(root, lastEventId);
      const subscriber = await rooms.join({ operation, plan, root, definition }, after);
      if (isClosing) subscriber.end();
      return subscriber;
    },
    close: async () => {
      isClosing = true;
      clearInterval(sweep);
      await rooms.endAll();
    },
  };
}

interface Asked {
  readonly operation: PreparedOperation;
  readonly plan: OperationPlan;
  readonly root: SubscriptionRootField;
  readonly definition: SubscriptionDefinition;
}

/** Subscribers that ask the same and may see the same share what is found out and executed for them. */
class Rooms {
  readonly #options: SubscriptionHubOptions;
  readonly #pages: PageReader;
  readonly #groups = new Map<string, Shared>();

  constructor(options: SubscriptionHubOptions) {
    this.#options = options;
    this.#pages = createPageReader(options.eventLog, options.clock);
  }

  async join({ operation, plan, root, definition }: Asked, after: string | null): Promise<Subscriber> {
    const { subscriptions } = this.#options.metrics;
    const key = groupKey(operation, root);
    const shared = this.#groups.get(key) ?? { group: SubscriberGroup.open({ ...this.#options, pages: this.#pages, operation, plan, definition, args: root.args }), users: 0 };
    this.#groups.set(key, shared);
    shared.users += 1;
    try {
      const subscriber = (await shared.group).join(after, () => {
        this.#leave(key, shared);
        subscriptions.closed(root.name);
      });
      subscriptions.opened(root.name);
      return subscriber;
    } catch (error) {
      this.#leave(key, shared);
      throw asUnavailable(error);
    }
  }

  endSlow(): void {
    for (const { group } of this.#groups.values()) void group.then((open) => open.endSlow(), () => undefined);
  }

  async endAll(): Promise<void> {
    for (const { group } of [...this.#groups.values()]) await group.then((open) => open.endAll()).catch(() => undefined);
  }

  #leave(key: string, shared: Shared): void {
    shared.users -= 1;
    if (shared.users > 0) return;
    if (this.#groups.get(key) === shared) this.#groups.delete(key);
    void shared.group.then((group) => group.close(), () => undefined);
  }
}

const stopping = (): GraphQLError => new GraphQLError('This gateway is about to stop: subscribe again.', { extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } });

/** What is neither the caller's mistake nor a refusal is the event log being away. */
const asUnavailable = (cause: unknown): unknown =>
  cause instanceof Failure || cause instanceof GraphQLError ? cause : new Failure('UPSTREAM_UNAVAILABLE', 'change events cannot be read at present; subscribe again', { cause });

/** @throws Failure INVALID_INPUT for what is no cursor. */
function resumeFrom({ args }: SubscriptionRootField, lastEventId: string | null): string | null {
  const given = args['after'];
  // What a stream was given last is later than what its operation began with: a browser repeats the same address.
  const [field, cursor] = lastEventId !== null ? ['last-event-id', lastEventId] : ['after', typeof given === 'string' ? given : null];
  if (cursor !== null && !isCursor(cursor)) throw invalidInput([field], `${field} is not a cursor; give one that an event of this subscription came with, or none`);
  return cursor;
}

/** Where each resumes from does not change what they are told: whoever gives it in a variable of its own shares with the others. */
function groupKey({ source, operation, variables, scope }: PreparedOperation, { argumentVariables }: SubscriptionRootField): string {
  const name = argumentVariables['after'];
  const isItsOwn = name !== undefined && source.split(new RegExp(`\\$${name}\\b`)).length === 3;
  const asked = isItsOwn ? Object.fromEntries(Object.entries(variables).filter(([variable]) => variable !== name)) : variables;
  return JSON.stringify([source, operation.name?.value, asked, audienceOf(scope.principal), scope.principal.subject, scope.shopping]);
}

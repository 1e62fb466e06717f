import { topicOf } from '../../../domain/events.ts';
import { invalidInput } from '../../../domain/failure.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { EventLog } from '../../../platform/stores/event-log.ts';
import type { FollowTools } from '../../frame/subscription.ts';

/** The SKUs of a category as products come and go, for as long as somebody follows it. */
export interface CategoryMembers {
  has(sku: Sku): boolean;
  readonly skus: ReadonlySet<Sku>;
  close(): void;
}

type Tools = Pick<FollowTools, 'catalog' | 'eventLog' | 'log'>;
type OnEntered = FollowTools['onEntered'];

interface Watch {
  members: ReadonlySet<Sku>;
  readonly listeners: Set<OnEntered>;
  close(): void;
}

const PAGE = 5_000;
const MAX_MEMBERS = 50_000;
/** Products change in bursts: an import is read once, not product by product. */
const SETTLE_MS = 500;
const AFTER_FAILURE_MS = 5_000;

/** One watch a category in one process, whoever follows it. */
const watches = new WeakMap<EventLog, Map<string, Promise<Watch>>>();

/** @throws Failure INVALID_INPUT naming `category` where there is none, or more in it than can be followed. */
export async function followCategory(code: string, tools: Tools & { readonly onEntered: OnEntered }): Promise<CategoryMembers> {
  const open = watches.get(tools.eventLog) ?? new Map<string, Promise<Watch>>();
  watches.set(tools.eventLog, open);
  const opening = open.get(code) ?? openWatch(code, tools);
  open.set(code, opening);
  const forget = (): void => {
    if (open.get(code) === opening) open.delete(code);
  };
  const watch = await opening.catch((error: unknown) => {
    forget();
    throw error;
  });
  watch.listeners.add(tools.onEntered);
  return {
    has: (sku) => watch.members.has(sku),
    get skus() {
      return watch.members;
    },
    close: () => {
      watch.listeners.delete(tools.onEntered);
      if (watch.listeners.size > 0) return;
      forget();
      watch.close();
    },
  };
}

async function openWatch(code: string, tools: Tools): Promise<Watch> {
  const { eventLog, log } = tools;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;
  const refreshIn = (ms: number): void => {
    if (!closed) timer ??= setTimeout(() => void refresh(), ms).unref();
  };
  const refresh = async (): Promise<void> => {
    timer = null;
    try {
      const now = await readMembers(code, tools);
      const entered = [...now].filter((sku) => !watch.members.has(sku));
      watch.members = now;
      // Whatever was told of them before they were here went unseen.
      if (entered.length > 0) for (const listener of watch.listeners) listener(entered);
    } catch (error) {
      log.warn({ category: code, error: (error as Error).message }, 'what is in a category cannot be read; its subscribers follow what was');
      refreshIn(AFTER_FAILURE_MS);
    }
  };
  // Listening before reading: what changes in between is read again.
  const unsubscribe = await eventLog.subscribe(topicOf('product.changed'), () => refreshIn(SETTLE_MS), () => refreshIn(SETTLE_MS));
  const close = (): void => {
    closed = true;
    if (timer) clearTimeout(timer);
    unsubscribe();
  };
  const watch: Watch = { members: new Set(), listeners: new Set(), close };
  try {
    watch.members = await readMembers(code, tools);
    return watch;
  } catch (error) {
    close();
    throw error;
  }
}

async function readMembers(code: string, { catalog }: Tools): Promise<ReadonlySet<Sku>> {
  const members = new Set<Sku>();
  for (let afterSku: Sku | null = null; ; ) {
    const page: readonly Sku[] | null = await catalog.readCategorySkus({ categoryCode: code, afterSku, limit: PAGE });
    if (page === null) throw invalidInput(['category'], `there is no category ${JSON.stringify(code)}; see categories`);
    for (const sku of page) members.add(sku);
    if (members.size > MAX_MEMBERS) throw invalidInput(['category'], `category ${JSON.stringify(code)} has more than ${MAX_MEMBERS} SKUs; follow those below it, or a channel`);
    if (page.length < PAGE) return members;
    afterSku = page.at(-1)!;
  }
}

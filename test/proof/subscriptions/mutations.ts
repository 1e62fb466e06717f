import type { Mutation } from '../mutations/mutation.ts';
import type { ProofOptions } from './run.ts';

const ROOM = 'gateway/subscriptions';
const STORES = 'platform/stores';

export interface SubscriptionMutation extends Mutation {
  /** The Redis under which it shows: where the log keeps all nothing may be missing or told twice; where it loses its end that must be said. */
  readonly shows: ProofOptions['redis'];
}

/** Planted in every node; none of them can be seen while nothing dies. */
export const SUBSCRIPTION_MUTATIONS: readonly SubscriptionMutation[] = [
  {
    name: 'resume off by one', shows: 'KEEPS_ALL', mistake: 'whoever resumes is told of what comes after the event after their cursor',
    edits: [{ file: `${STORES}/redis-event-log.ts`, find: 'const { id, epoch } = parseCursor(cursor);\n  // One moment', replace: "const { id: given, epoch } = parseCursor(cursor);\n  const [ms = '', sequence = ''] = given.split('-');\n  const id = `${ms}-${Number(sequence) + 1}`;\n  // One moment" }],
  },
  {
    name: 'cursor ignored', shows: 'KEEPS_ALL', mistake: 'whoever resumes is told from now on',
    edits: [{ file: `${ROOM}/hub.ts`, find: 'const after = resumeFrom(root, lastEventId);', replace: 'const after = resumeFrom(root, lastEventId) && null;' }],
  },
  {
    name: 'live before caught up', shows: 'KEEPS_ALL', mistake: 'whoever has read one page is taken for up to date',
    edits: [{ file: `${ROOM}/group.ts`, find: 'const isThere = !isAheadOf(this.#position, position);', replace: "const isThere = position !== '';" }],
  },
  {
    name: 'caught up is told again', shows: 'KEEPS_ALL', mistake: 'who has read further than the group is told what the group has yet to hear',
    edits: [{ file: `${ROOM}/group.ts`, find: 'subscriber.has = position;', replace: 'subscriber.has = null;' }],
  },
  {
    name: 'restart not noticed', shows: 'LOSES_ITS_END', mistake: 'a Redis that has restarted is read on from the last position as if it had kept all',
    edits: [
      { file: `${STORES}/redis-event-log.ts`, find: 'lagged: (epoch !== null && epoch !== current) || hasLagged(facts, id),', replace: 'lagged: false,' },
    ],
  },
  {
    name: 'gap skipped in silence', shows: 'LOSES_ITS_END', mistake: 'where events are missing what is left is told, and not that some are',
    edits: [{ file: `${ROOM}/log-follower.ts`, find: '(lagged && (await this.#bridgeGap()))', replace: '(lagged && false)' }],
  },
  {
    name: 'loss not heard', shows: 'LOSES_ITS_END', mistake: 'who follows live goes on as if the log had lost nothing',
    edits: [{ file: `${ROOM}/log-follower.ts`, find: 'this.#losses += 1;\n    this.#fallBehind();', replace: 'this.#losses += 1;' }],
  },
  {
    name: 'remembers too little', shows: 'KEEPS_ALL', mistake: 'fewer events are remembered than a sender that died may repeat',
    edits: [{ file: `${ROOM}/seen.ts`, find: 'const REMEMBERED = 4_096;', replace: 'const REMEMBERED = 16;' }],
  },
  {
    name: 'repeats not known', shows: 'KEEPS_ALL', mistake: 'what a sender that died has put into the log twice is told twice to whoever resumes in between',
    edits: [{ file: `${ROOM}/seen.ts`, find: 'if (versions.has(version)) return true;', replace: 'if (versions.size < 0) return true;' }],
  },
  {
    name: 'no look back', shows: 'KEEPS_ALL', mistake: 'what came before the cursor is not known: its repetition after it is told',
    edits: [{ file: `${ROOM}/group.ts`, find: 'if (definition.coalescing === null) for', replace: 'if (definition.coalescing !== null) for' }],
  },
  {
    name: 'drain completes', shows: 'KEEPS_ALL', mistake: 'a node that goes tells its clients that there will never be more',
    edits: [{ file: 'gateway/http/sockets/subscription-pump.ts', find: 'if (hub.isClosing) await left;', replace: '' }],
  },
  {
    name: 'full queue drops', shows: 'KEEPS_ALL', mistake: 'what a slow subscriber has no room for is not told',
    edits: [{ file: `${ROOM}/group.ts`, find: 'if (subscriber.isFull) void this.#readFrom(subscriber, subscriber.has ?? this.#position);\n      else {', replace: 'if (!subscriber.isFull) {' }, { file: `${ROOM}/subscriber.ts`, find: 'const CAPACITY = 256;', replace: 'const CAPACITY = 2;' }],
  },
];

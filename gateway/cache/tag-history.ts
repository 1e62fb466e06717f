import { parseCursor } from '../../platform/stores/event-log.ts';
import type { CacheMark } from './facts.ts';

/** Which tags changed when, as far as one process has followed the log. Bounded; what it forgets it takes for changed. */
export interface TagHistory {
  /** Null while the position in some topic is not known. The same object until something changes. */
  mark(): CacheMark | null;
  changedSince(tags: readonly string[], mark: CacheMark): boolean;
  /** What is known of a topic begins here: whatever was read before may have changed. */
  begin(topic: string, cursor: string): void;
  /** Where this process is in the topic is not known until it begins anew. */
  lose(topic: string): void;
  record(topic: string, cursor: string, tags: readonly string[]): void;
  /** Everything after the (earlier) cursor has been recorded as well. */
  knownSince(topic: string, cursor: string): void;
  /** Counts as changed until released, and as changed at that very moment. */
  hold(tags: readonly string[]): () => void;
}

interface Position {
  readonly cursor: string;
  readonly epoch: string | null;
  readonly ms: number;
  readonly sequence: number;
}

interface TopicState {
  position: Position | null;
  floor: Position | null;
}

interface Changed {
  readonly topic: string;
  readonly at: Position;
}

/** Tags remembered before the older half is forgotten. */
const REMEMBERED = 100_000;

const positionOf = (cursor: string): Position => {
  const { id, epoch } = parseCursor(cursor);
  const [ms = '0', sequence = '0'] = id.split('-');
  return { cursor, epoch, ms: Number(ms), sequence: Number(sequence) };
};

const isBefore = (a: Position, b: Position): boolean => a.ms < b.ms || (a.ms === b.ms && a.sequence < b.sequence);
const later = (a: Position, b: Position): Position => (isBefore(a, b) ? b : a);

/** Of one process; see `TagHistory`. */
export class FollowedTags implements TagHistory {
  readonly #states: Map<string, TopicState>;
  readonly #remembered: number;
  // Two generations: dropping one costs no walk through the other.
  #recent = new Map<string, Changed>();
  #older = new Map<string, Changed>();
  readonly #held = new Map<string, number>();
  /** Local moment by tag at which it was released: a cursor cannot tell before from after where the log stands still. */
  readonly #released = new Map<string, number>();
  #moment = 0;
  #current: CacheMark | null = null;
  readonly #moments = new WeakMap<CacheMark, number>();
  readonly #parsed = new WeakMap<CacheMark, ReadonlyMap<string, Position>>();

  constructor(topics: readonly string[], remembered = REMEMBERED) {
    this.#states = new Map(topics.map((topic): [string, TopicState] => [topic, { position: null, floor: null }]));
    this.#remembered = remembered;
  }

  mark(): CacheMark | null {
    if (this.#current) return this.#current;
    const cursors: Record<string, string> = {};
    for (const [topic, { position }] of this.#states) {
      if (!position) return null;
      cursors[topic] = position.cursor;
    }
    this.#moments.set(cursors, this.#moment);
    return (this.#current = cursors);
  }

  changedSince(tags: readonly string[], mark: CacheMark): boolean {
    const positions = this.#read(mark);
    if (!this.#reachesBack(positions)) return true;
    const ownMoment = this.#moments.get(mark) ?? Infinity;
    for (const tag of tags) {
      if (this.#held.has(tag) || (this.#released.get(tag) ?? -1) > ownMoment) return true;
      const changed = this.#recent.get(tag) ?? this.#older.get(tag);
      if (changed && isBefore(positions.get(changed.topic)!, changed.at)) return true;
    }
    return false;
  }

  begin(topic: string, cursor: string): void {
    let position = positionOf(cursor);
    const floor = position;
    for (const generation of [this.#recent, this.#older]) {
      for (const [tag, changed] of generation) {
        if (changed.topic !== topic) continue;
        // Told already although it comes after the cursor: it was on its way at the same time.
        if (changed.at.epoch === floor.epoch && isBefore(floor, changed.at)) position = later(position, changed.at);
        else generation.delete(tag);
      }
    }
    this.#states.set(topic, { position, floor });
    this.#move();
  }

  lose(topic: string): void {
    this.#states.set(topic, { position: null, floor: null });
    this.#move();
  }

  record(topic: string, cursor: string, tags: readonly string[]): void {
    const state = this.#states.get(topic)!;
    const at = positionOf(cursor);
    for (const tag of tags) this.#remember(tag, topic, at);
    if (state.position && (state.position.epoch !== at.epoch || isBefore(state.position, at))) state.position = at;
    this.#move();
  }

  knownSince(topic: string, cursor: string): void {
    const state = this.#states.get(topic)!;
    const at = positionOf(cursor);
    if (state.floor && state.floor.epoch === at.epoch && isBefore(at, state.floor)) state.floor = at;
  }

  hold(tags: readonly string[]): () => void {
    for (const tag of tags) this.#held.set(tag, (this.#held.get(tag) ?? 0) + 1);
    return () => {
      this.#move();
      for (const tag of tags) {
        const left = this.#held.get(tag)! - 1;
        if (left > 0) this.#held.set(tag, left);
        else this.#held.delete(tag);
        this.#released.set(tag, this.#moment);
      }
    };
  }

  /** The next mark is another one. */
  #move(): void {
    this.#moment += 1;
    this.#current = null;
  }

  #read(mark: CacheMark): ReadonlyMap<string, Position> {
    let positions = this.#parsed.get(mark);
    if (!positions) this.#parsed.set(mark, (positions = new Map(Object.entries(mark).map(([topic, cursor]) => [topic, positionOf(cursor)]))));
    return positions;
  }

  /** Whether everything since is known here. */
  #reachesBack(positions: ReadonlyMap<string, Position>): boolean {
    for (const [topic, { position, floor }] of this.#states) {
      const then = positions.get(topic);
      if (!then || !position || !floor || then.epoch !== position.epoch || isBefore(then, floor)) return false;
    }
    return true;
  }

  #remember(tag: string, topic: string, at: Position): void {
    const known = this.#recent.get(tag) ?? this.#older.get(tag);
    const isNewer = known === undefined || known.topic !== topic || known.at.epoch !== at.epoch || isBefore(known.at, at);
    this.#recent.set(tag, isNewer ? { topic, at } : known);
    if (this.#recent.size > this.#remembered / 2) this.#forgetOlder();
  }

  #forgetOlder(): void {
    for (const { topic, at } of this.#older.values()) {
      const state = this.#states.get(topic)!;
      if (state.floor && state.floor.epoch === at.epoch) state.floor = later(state.floor, at);
    }
    this.#older = this.#recent;
    this.#recent = new Map();
  }
}

import type { CacheFacts, CacheMark, StalePart } from './facts.ts';
import type { Lifetime } from './lifetime.ts';

/** Adds up what an answer is made of. */
export class FactSheet {
  readonly #mark: CacheMark;
  readonly #now: () => number;
  readonly #tags = new Set<string>();
  readonly #stale: StalePart[] = [];
  #isPrivate = false;
  #isWhole = true;
  #freshUntilMs = Infinity;
  #oldestAtMs = Infinity;
  #hits = 0;
  #misses = 0;

  constructor(mark: CacheMark, now: () => number) {
    this.#mark = mark;
    this.#now = now;
  }

  noteAsked(parts: number): void {
    this.#misses += parts;
  }

  noteKept(lifetime: Lifetime, ageMs: number, tags: readonly string[]): void {
    this.#hits += 1;
    this.#note(lifetime, ageMs, tags);
  }

  noteFresh(lifetime: Lifetime, tags: readonly string[]): void {
    if (lifetime.maxAgeMs <= 0) this.#isWhole = false;
    this.#note(lifetime, 0, tags);
  }

  noteStale(lifetime: Lifetime, tags: readonly string[], part: StalePart): void {
    this.#stale.push(part);
    this.#note(lifetime, part.ageMs, tags);
  }

  /** Part of the answer may not be kept: with errors, or past the cache. */
  noteFailed(): void {
    this.#isWhole = false;
  }

  /** One for each subgraph and reason: the oldest. */
  stale(): readonly StalePart[] {
    const oldest = new Map<string, StalePart>();
    for (const part of this.#stale) {
      const key = `${part.subgraph} ${part.reason}`;
      if ((oldest.get(key)?.ageMs ?? -1) < part.ageMs) oldest.set(key, part);
    }
    return [...oldest.values()];
  }

  facts(): CacheFacts | null {
    if (!this.#isWhole || this.#freshUntilMs === Infinity) return null;
    const now = this.#now();
    return {
      scope: this.#isPrivate ? 'PRIVATE' : 'PUBLIC',
      freshForMs: this.#stale.length > 0 ? 0 : Math.max(0, this.#freshUntilMs - now),
      ageMs: Math.max(0, now - this.#oldestAtMs),
      tags: [...this.#tags].sort(),
      mark: this.#mark,
      hits: this.#hits,
      misses: this.#misses,
      stale: this.stale(),
    };
  }

  #note({ maxAgeMs, scope }: Lifetime, ageMs: number, tags: readonly string[]): void {
    const now = this.#now();
    if (scope === 'PRIVATE') this.#isPrivate = true;
    this.#freshUntilMs = Math.min(this.#freshUntilMs, now - ageMs + maxAgeMs);
    this.#oldestAtMs = Math.min(this.#oldestAtMs, now - ageMs);
    for (const tag of tags) this.#tags.add(tag);
  }
}

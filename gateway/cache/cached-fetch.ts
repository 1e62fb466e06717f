import { copyAnswer } from '../execution/fetching/merge.ts';
import type { SubgraphAnswer } from '../execution/subgraph-client.ts';
import { readAnswered, type Answered } from './answered.ts';
import { buyersOf, type Audiences } from './audience.ts';
import type { CacheMeter, CacheTier } from './cache-meter.ts';
import { CUSTOMER_TAG } from './change-tags.ts';
import type { CachedAsk, CacheMark, Invalidations } from './facts.ts';
import type { FactSheet } from './fact-sheet.ts';
import type { FetchPolicy } from './fetch-policy.ts';
import type { Flights, Landing } from './flights.ts';
import type { Kept } from './kept.ts';
import { requestFor, type Outcome, type Slot } from './slots.ts';
import { joinAnswer } from './joined-answer.ts';
import { isSilence, silenceOf } from './silence.ts';
import type { Keeping, Tiers } from './tiers.ts';
import type { RequestScope } from '../../subgraphs/frame/module.ts';

/** What fetches of one operation work with. */
export interface FetchTools {
  readonly tiers: Tiers;
  readonly flights: Flights;
  readonly invalidations: Invalidations;
  readonly meter: CacheMeter;
  readonly now: () => number;
  /** How long beyond its lifetime a part may stand in for a silent subgraph; 0: not at all. */
  readonly graceMs: number;
  readonly scope: RequestScope;
  readonly audiences: Audiences;
  readonly sheet: FactSheet;
}

type Lander = (landing: Landing) => void;
type Landers = ReadonlyMap<Slot, Lander>;

/** When a subgraph was asked, and how far the changes were followed by then. */
interface Asked {
  readonly mark: CacheMark | null;
  readonly askedAtMs: number;
}

/** One request of the plan, answered from what is kept and by its subgraph. */
export class CachedFetch {
  readonly #tools: FetchTools;
  readonly #ask: CachedAsk;
  readonly #policy: FetchPolicy;
  readonly #slots: readonly Slot[];

  constructor(tools: FetchTools, ask: CachedAsk, policy: FetchPolicy, slots: readonly Slot[]) {
    this.#tools = tools;
    this.#ask = ask;
    this.#policy = policy;
    this.#slots = slots;
  }

  async answer(): Promise<SubgraphAnswer> {
    this.#findHere();
    if (this.#tools.tiers.isShared) await this.#findShared();
    const missing = this.#open();
    if (missing.length > 0) {
      const whole = await this.#fill(missing);
      if (whole) return whole;
    }
    // Where there is nothing else to say, it fails as it would without the cache.
    const [first] = this.#slots;
    if (first?.outcome && this.#slots.every(({ outcome }) => outcome?.errors[0]?.cause !== undefined)) throw first.outcome.errors[0]!.cause;
    return joinAnswer(this.#policy, this.#slots);
  }

  #open(): readonly Slot[] {
    return this.#slots.filter(({ outcome }) => outcome === null);
  }

  #findHere(): void {
    for (const slot of this.#slots) {
      const kept = slot.key === null ? undefined : this.#tools.tiers.findHere(slot.key);
      if (kept) this.#offer(slot, kept, 'memory');
    }
  }

  async #findShared(): Promise<void> {
    const wanted = this.#open().filter(({ key }) => key !== null);
    if (wanted.length === 0) return;
    const found = await this.#tools.tiers.findShared(wanted.map(({ key }) => key!));
    if (found === null) return this.#tools.meter.count(this.#ask.service, 'bypass', 'redis', wanted.length);
    for (const [index, slot] of wanted.entries()) {
      const kept = found[index];
      if (!kept) continue;
      this.#tools.tiers.adopt(slot.key!, kept);
      this.#offer(slot, kept, 'redis');
    }
  }

  /** Takes what is kept if it is young enough; else remembers it for when the subgraph is silent. */
  #offer(slot: Slot, kept: Kept, tier: CacheTier): boolean {
    const ageMs = this.#ageOf(kept);
    if (ageMs >= slot.lifetime.maxAgeMs) {
      if (!slot.expired || slot.expired.askedAtMs < kept.askedAtMs) slot.expired = kept;
      return false;
    }
    slot.outcome = { value: kept.value, owned: false, errors: [] };
    this.#tools.sheet.noteKept(slot.lifetime, ageMs, kept.tags);
    this.#tools.meter.count(this.#ask.service, 'hit', tier, 1);
    return true;
  }

  #ageOf({ askedAtMs }: Kept): number {
    return Math.max(0, this.#tools.now() - askedAtMs);
  }

  /** Answers the subgraph's own answer where it is the whole answer. */
  async #fill(missing: readonly Slot[]): Promise<SubgraphAnswer | null> {
    const joined: { readonly slot: Slot; readonly flight: Promise<Landing> }[] = [];
    const own: Slot[] = [];
    const land = new Map<Slot, Lander>();
    for (const slot of missing) {
      const flight = slot.key === null ? null : this.#tools.flights.find(slot.key);
      if (flight) {
        joined.push({ slot, flight });
        continue;
      }
      own.push(slot);
      if (slot.key !== null) land.set(slot, this.#tools.flights.begin(slot.key));
    }
    // Those who wait for each other's questions must all have asked their own before.
    const asking = own.length > 0 ? this.#askFor(own, land) : null;
    const [whole, left] = await Promise.all([asking, this.#join(joined)]);
    // What somebody else asked for and did not get is asked for by each for itself.
    if (left.length > 0) return this.#askFor(left, new Map());
    return whole;
  }

  async #join(joined: readonly { readonly slot: Slot; readonly flight: Promise<Landing> }[]): Promise<readonly Slot[]> {
    const left: Slot[] = [];
    for (const { slot, flight } of joined) {
      const landing = await flight;
      if (landing.kind === 'FAILED') this.#endInSilence([slot], landing.cause);
      else if (landing.kind !== 'KEPT' || !this.#isCurrent(landing.kept) || !this.#offer(slot, landing.kept, 'joined')) left.push(slot);
    }
    return left;
  }

  #isCurrent({ tags, mark }: Kept): boolean {
    const { invalidations } = this.#tools;
    return invalidations.mark() !== null && !invalidations.changedSince(tags, mark);
  }

  async #askFor(slots: readonly Slot[], land: Landers): Promise<SubgraphAnswer | null> {
    const { client, request, call, service, onAsked } = this.#ask;
    const { invalidations, meter, now, sheet } = this.#tools;
    const isWhole = slots.length === this.#slots.length;
    const at = { mark: invalidations.mark(), askedAtMs: now() };
    meter.count(service, 'miss', 'subgraph', slots.length);
    sheet.noteAsked(slots.length);
    onAsked();
    try {
      const answered = readAnswered(await client.execute(isWhole ? request : requestFor(this.#policy, request, slots), call), slots, service);
      const asIs = this.#takeAll(slots, answered, at, land);
      return isWhole && asIs ? answered.answer : null;
    } catch (cause) {
      const landing: Landing = call.signal.aborted ? { kind: 'LEFT' } : { kind: 'FAILED', cause };
      for (const settle of land.values()) settle(landing);
      this.#endInSilence(slots, cause);
      return null;
    }
  }

  /** Answers whether every slot has what the subgraph said. */
  #takeAll(slots: readonly Slot[], { tagsOf, outcomeOf }: Answered, at: Asked, land: Landers): boolean {
    const { tiers, sheet } = this.#tools;
    const keepings: Keeping[] = [];
    let asIs = true;
    for (const slot of slots) {
      const outcome = outcomeOf(slot);
      const tags = this.#tagsOf(slot, tagsOf(slot));
      const keeping = outcome.errors.length === 0 ? this.#keep(slot, outcome.value, tags, at) : null;
      if (keeping) keepings.push(keeping);
      land.get(slot)?.(keeping ? { kind: 'KEPT', kept: keeping.kept } : { kind: 'UNKEPT' });
      if (this.#standsIn(slot, outcome)) {
        asIs = false;
        continue;
      }
      slot.outcome = outcome;
      if (outcome.errors.length > 0) sheet.noteFailed();
      else sheet.noteFresh(slot.lifetime, tags);
    }
    tiers.share(keepings);
    return asIs;
  }

  #tagsOf({ tags, lifetime }: Slot, dynamic: readonly string[]): readonly string[] {
    // What is one buyer's own goes when what is agreed with the buyer changes.
    const buyers = lifetime.scope === 'PRIVATE' ? buyersOf(this.#tools.scope).map((number) => `${CUSTOMER_TAG}:${number}`) : [];
    return dynamic.length + buyers.length === 0 ? tags : [...new Set([...tags, ...dynamic, ...buyers])];
  }

  #keep({ key, lifetime }: Slot, value: unknown, tags: readonly string[], { mark, askedAtMs }: Asked): Keeping | null {
    if (key === null || value === undefined || mark === null) return null;
    const keeping = { key, kept: { value, askedAtMs, mark, tags }, usefulMs: lifetime.maxAgeMs + this.#tools.graceMs };
    const kept = this.#tools.tiers.keep(keeping);
    return kept && { ...keeping, kept };
  }

  /** Where a subgraph says that those behind it are silent, what is kept is better as well. */
  #standsIn(slot: Slot, { errors }: Outcome): boolean {
    const [first] = errors;
    return first !== undefined && errors.every(({ extensions }) => isSilence(extensions['code'])) && this.#useExpired(slot, String(first.extensions['code']));
  }

  #endInSilence(slots: readonly Slot[], cause: unknown): void {
    const { code, message } = silenceOf(cause, this.#ask.service);
    for (const slot of slots) {
      if (this.#useExpired(slot, code)) continue;
      slot.outcome = { value: null, owned: true, errors: [{ message, path: [], extensions: { code }, cause }] };
      this.#tools.sheet.noteFailed();
    }
  }

  #useExpired(slot: Slot, reason: string): boolean {
    const { expired, lifetime } = slot;
    const { graceMs, sheet, meter } = this.#tools;
    if (!expired || !this.#isCurrent(expired)) return false;
    const ageMs = this.#ageOf(expired);
    if (ageMs >= lifetime.maxAgeMs + graceMs) return false;
    slot.outcome = { value: copyAnswer(expired.value), owned: true, errors: [] };
    sheet.noteStale(lifetime, expired.tags, { subgraph: this.#ask.service, ageMs, reason });
    meter.count(this.#ask.service, 'stale', 'memory', 1);
    return true;
  }
}

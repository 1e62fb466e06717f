import { compareCursors, parseCursor } from '../../../platform/stores/event-log.ts';

/** What one client has been told of shipments 1 to n and of the figures of some SKUs, judged as it comes. */
export interface Testimony {
  readonly shipments: number;
  readonly stockEvents: number;
  readonly lastShipment: number;
  readonly figures: Readonly<Record<string, number>>;
  /** Reports of a gap: errors LAGGED, and snapshots that say they are told after one. */
  readonly gapsReported: number;
  /** Shipments that are missing where a gap had been reported. */
  readonly missingReported: number;
  readonly missingUnreported: number;
  readonly repeated: number;
  readonly outOfOrder: number;
  /** Figures older than one told before. */
  readonly regressed: number;
  readonly reconnects: number;
  /** Whatever should not have been said. */
  readonly surprises: readonly string[];
}

const MANY = 5;

/** Of two lives of the log the later one is heard of later. */
const isLater = (cursor: string, than: string): boolean => parseCursor(cursor).epoch !== parseCursor(than).epoch || compareCursors(cursor, than) > 0;

export class Witness {
  reconnects = 0;
  #shipments = 0;
  #stockEvents = 0;
  #last = 0;
  /** Up to here events may be missing, as it was told. */
  #gapUpTo: string | null = null;
  #gapsReported = 0;
  #missingReported = 0;
  #repeated = 0;
  #outOfOrder = 0;
  #regressed = 0;
  readonly #missing = new Set<number>();
  readonly #figures = new Map<string, number>();
  readonly #surprises: string[] = [];

  shipment(number: number, cursor: string): void {
    this.#shipments += 1;
    // The first one it is told of is where it began.
    if (this.#last === 0) this.#last = number - 1;
    if (number <= this.#last) {
      if (this.#missing.delete(number)) this.#outOfOrder += 1;
      else this.#repeated += 1;
      return;
    }
    for (let missing = this.#last + 1; missing < number; missing += 1) {
      if (this.#gapUpTo !== null) this.#missingReported += 1;
      else this.#missing.add(missing);
    }
    this.#last = number;
    if (this.#gapUpTo !== null && isLater(cursor, this.#gapUpTo)) this.#gapUpTo = null;
  }

  stock(sku: string, figure: number): void {
    this.#stockEvents += 1;
    if (figure < (this.#figures.get(sku) ?? 0)) this.#regressed += 1;
    this.#figures.set(sku, figure);
  }

  /** Events up to this cursor may be missing. */
  lagged(upTo: string, ofShipments: boolean): void {
    this.#gapsReported += 1;
    if (ofShipments) this.#gapUpTo = upTo;
  }

  surprise(what: string): void {
    if (this.#surprises.length < MANY) this.#surprises.push(what);
  }

  testify(): Testimony {
    return {
      shipments: this.#shipments, stockEvents: this.#stockEvents, lastShipment: this.#last, figures: Object.fromEntries(this.#figures),
      gapsReported: this.#gapsReported, missingReported: this.#missingReported, missingUnreported: this.#missing.size, repeated: this.#repeated,
      outOfOrder: this.#outOfOrder, regressed: this.#regressed, reconnects: this.reconnects, surprises: this.#surprises,
    };
  }
}

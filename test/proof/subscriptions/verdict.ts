import type { Testimony } from './witness.ts';

export interface Verdict {
  readonly holds: boolean;
  readonly violations: readonly string[];
  readonly totals: Readonly<Record<'shipments' | 'stockEvents' | 'gapsReported' | 'missingReported' | 'missingUnreported' | 'repeated' | 'reconnects', number>>;
}

export interface Facts {
  /** Every client had events before anything was killed. */
  readonly isWarm: boolean;
  readonly lastShipment: number;
  readonly figures: ReadonlyMap<string, number>;
  /** The log has lost nothing: nothing may be missing, reported or not, and nothing told twice. */
  readonly keepsAll: boolean;
}

export function judge(testimonies: readonly Testimony[], facts: Facts): Verdict {
  const violations = testimonies.flatMap((testimony, client) => judgeOne(testimony, facts).map((violation) => `client ${client}: ${violation}`));
  if (!facts.isWarm) violations.unshift('not every client was told of everything before anything was killed');
  const sum = (of: (testimony: Testimony) => number): number => testimonies.reduce((total, testimony) => total + of(testimony), 0);
  return {
    holds: violations.length === 0 && testimonies.length > 0,
    violations,
    totals: {
      shipments: sum((each) => each.shipments), stockEvents: sum((each) => each.stockEvents), gapsReported: sum((each) => each.gapsReported), missingReported: sum((each) => each.missingReported),
      missingUnreported: sum((each) => each.missingUnreported), repeated: sum((each) => each.repeated), reconnects: sum((each) => each.reconnects),
    },
  };
}

function judgeOne(told: Testimony, { lastShipment, figures, keepsAll }: Facts): string[] {
  const stale = Object.entries(told.figures).filter(([sku, figure]) => figures.get(sku) !== figure);
  const rules: readonly [broken: boolean, violation: string][] = [
    [told.missingUnreported > 0, `${told.missingUnreported} shipments are missing and nobody said so`],
    [told.lastShipment !== lastShipment, `the last shipment it was told of is ${told.lastShipment} of ${lastShipment}`],
    [told.outOfOrder > 0, `${told.outOfOrder} shipments came after later ones`],
    [told.regressed > 0, `${told.regressed} figures were older than one told before`],
    [stale.length > 0, `${stale.length} figures are not the last ones: ${JSON.stringify(stale.slice(0, 3))}`],
    [keepsAll && told.missingReported > 0, `${told.missingReported} shipments are missing that the log had`],
    [keepsAll && told.repeated > 0, `${told.repeated} shipments were told twice`],
    [told.surprises.length > 0, `it was told ${told.surprises.join(' and ')}`],
  ];
  return rules.flatMap(([broken, violation]) => (broken ? [violation] : []));
}

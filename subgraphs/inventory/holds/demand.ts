import { hash } from 'node:crypto';
import { sum, type Decimal } from '../../../domain/decimal.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { BasketLine, HoldRequest } from '../../../domain/inventory.ts';

/** A request with what it comes to, however its lines were ordered or split. */
export interface Demand {
  readonly request: HoldRequest;
  /** One per SKU and unit, in that order. */
  readonly lines: readonly BasketLine[];
  /** Two requests are the same when they ask for the same. */
  readonly digest: string;
}

const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export function demandOf(request: HoldRequest): Demand {
  const lines = addUp(request.lines);
  return { request, lines, digest: digestOf(request, lines) };
}

function addUp(lines: readonly BasketLine[]): readonly BasketLine[] {
  if (lines.length === 1) return [lineOf(lines[0]!.sku, lines[0]!.unit ?? null, lines[0]!.quantity)];
  const added: BasketLine[] = [];
  for (const [sku, ofSku] of Map.groupBy(lines, (line) => line.sku)) {
    for (const [unit, same] of Map.groupBy(ofSku, (line) => line.unit ?? null)) {
      added.push(lineOf(sku, unit, sum(same.map((line) => line.quantity))));
    }
  }
  return added.sort((a, b) => byCode(a.sku, b.sku) || byCode(a.unit ?? '', b.unit ?? ''));
}

const lineOf = (sku: Sku, unit: string | null, quantity: Decimal): BasketLine => (unit === null ? { sku, quantity } : { sku, quantity, unit });

/** What a request did not say when there was no word for it yet stays out: keys of before must go on meaning the same. */
function digestOf({ channel, ttlSeconds, replacesHoldId, requestedOn, allowPartial, shipTo }: HoldRequest, lines: readonly BasketLine[]): string {
  const later = requestedOn || allowPartial || shipTo ? [requestedOn ?? null, allowPartial ?? false, shipTo ?? null] : [];
  return hash('sha256', JSON.stringify([lines, channel, ttlSeconds, replacesHoldId, ...later]), 'hex');
}

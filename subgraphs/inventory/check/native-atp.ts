import { Counter } from 'prom-client';
import type { AtpSeries } from '../../../domain/connector.ts';
import { isNegative, isZero } from '../../../domain/decimal.ts';
import type { Failure } from '../../../domain/failure.ts';
import type { LocationCode, Sku } from '../../../domain/ids.ts';
import type { CalendarDate } from '../../../domain/time.ts';
import type { Log } from '../../../platform/log.ts';
import { partMetrics } from '../../../platform/metrics.ts';
import type { NativeDifference } from '../promise/native-cap.ts';
import { askInBatches } from './batches.ts';
import type { LiveReadOptions } from './live-read.ts';

/** What the ERP would promise of one SKU, by location (none: it checks no availability of it), or that it did not say so in time. */
export type NativeAnswer =
  | { readonly kind: 'SERIES'; readonly byLocation: ReadonlyMap<LocationCode, AtpSeries> }
  | { readonly kind: 'SILENT'; readonly failure: Failure };

export interface NativeReadOptions extends LiveReadOptions {
  /** First and last day of interest. */
  readonly from: CalendarDate;
  readonly until: CalendarDate;
}

/**
 * Asks the ERP what it would promise itself: side by side with `readLive`, under the same deadline and call budget. Null
 * where the source of stock has no available-to-promise of its own. Never throws: silence is an answer, and ours stands then.
 */
export async function readNativeAtp(skus: readonly Sku[], { stock, from, until, ...options }: NativeReadOptions): Promise<ReadonlyMap<Sku, NativeAnswer> | null> {
  const readAtp = stock?.capabilities.nativeAtp ? stock.port.readAtp : undefined;
  if (!stock || !readAtp) return null;
  const answers = await askInBatches(stock, skus, (batch, call) => readAtp({ skus: batch, from, until }, call), options);
  return new Map([...answers].map(([sku, answer]) => [
    sku,
    answer.ok
      ? { kind: 'SERIES', byLocation: new Map((answer.value ?? []).map((series) => [series.locationCode, series])) }
      : { kind: 'SILENT', failure: answer.failure },
  ]));
}

const comparisons = new Counter({
  name: 'native_atp_comparisons_total',
  help: 'Figures of the ERP\'s own available-to-promise beside ours: equal, the ERP promised less or more, or said nothing',
  labelNames: ['source', 'outcome'],
  registers: [partMetrics],
});

/** Counts how the ERP's figures stand to ours and logs each that differs. */
export function tellNativeDifferences(source: string, compared: readonly NativeDifference[], silent: readonly Sku[], log: Log): void {
  if (silent.length > 0) {
    comparisons.inc({ source, outcome: 'silent' }, silent.length);
    log.warn({ source, skus: silent }, 'the ERP said nothing of what it would promise itself: ours stands');
  }
  for (const difference of compared) {
    const outcome = isZero(difference.difference) ? 'equal' : isNegative(difference.difference) ? 'less' : 'more';
    comparisons.inc({ source, outcome });
    if (outcome !== 'equal') log.info({ source, ...difference }, 'the ERP would promise another quantity than we');
  }
}

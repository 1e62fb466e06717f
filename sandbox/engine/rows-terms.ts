import type { DecimalText } from './decimal.ts';
import type { Row } from './table.ts';

/** What a currency is worth from a day on, until the next. */
export interface DatedRate extends Row {
  readonly currencyId: number;
  /** Midnight UTC. */
  readonly fromMs: number;
  /** Units of it for one of the company's currency. */
  readonly rate: DecimalText;
}

/** What customers are grouped by. */
export interface Tag extends Row {
  readonly name: string;
  readonly parentId: number | null;
}

import type { DecimalText } from './decimal.ts';
import type { Row } from './table.ts';

/** A sales tax in percent, on top of the price or in it. */
export interface Tax extends Row {
  readonly name: string;
  readonly percent: DecimalText;
  readonly included: boolean;
  readonly active: boolean;
}

import { big, type DecimalText } from './decimal.ts';
import { partsOf } from './kits.ts';
import { figuresOf, type StockFigures } from './stock.ts';
import type { ErpTables } from './tables.ts';

const NAMES = ['onHand', 'free', 'incoming', 'outgoing', 'forecast'] as const;

/** Like `figuresOf`; of a kit as many as its components make, figure by figure, as Odoo counts them. */
export function kitFiguresOf(...[tables, variantId, ...rest]: Parameters<typeof figuresOf>): StockFigures {
  const parts = partsOf(tables, variantId);
  if (parts === null || parts.size === 0) return figuresOf(tables, variantId, ...rest);
  const components = [...parts].map(([id, each]) => ({ each, figures: figuresOf(tables as ErpTables, id, ...rest) }));
  const makes = (name: (typeof NAMES)[number]): DecimalText =>
    components.map(({ each, figures }) => big(figures[name]).div(each)).reduce((least, next) => (next.lt(least) ? next : least)).round(0, 0).toFixed();
  return Object.fromEntries(NAMES.map((name) => [name, makes(name)])) as unknown as StockFigures;
}

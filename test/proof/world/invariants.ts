import type pg from 'pg';
import type { Erp } from './erp.ts';
import type { Journal } from './journal.ts';
import type { WorldPlan } from './plan.ts';
import { checkShares, checkUse, type Use } from './shares.ts';
import { Violation } from './violation.ts';
import type { CalendarDate } from '../../../domain/time.ts';

interface Books {
  readonly lines: readonly Line[];
  readonly stock: readonly { readonly sku: string; readonly place: string; readonly held: number; readonly dated: number }[];
  /** Whether SKUs are shared out among channels. */
  readonly shared: boolean;
  readonly uses: readonly Use[];
  readonly ledger: readonly { readonly sku: string; readonly place: string; readonly hold: string; readonly ins: number; readonly outs: number; readonly sum: number }[];
}

interface Line {
  readonly sku: string;
  readonly place: string;
  readonly hold: string;
  readonly quantity: number;
  readonly open: boolean;
  readonly dated: boolean;
  readonly dueOn: CalendarDate | null;
  readonly channel: string;
  readonly state: string;
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number;
  readonly order: string | null;
}

/** Everything committed of these SKUs, in one statement: one moment. */
const BOOKS = `select
  (select coalesce(jsonb_agg(jsonb_build_object('sku', line.sku, 'place', line.location_code, 'hold', line.hold_id, 'quantity', line.quantity, 'open', line.open,
     'dated', line.due_on is not null, 'dueOn', line.due_on, 'channel', coalesce(hold.channel, ''), 'state', hold.state, 'expiresAt', extract(epoch from hold.expires_at) * 1000, 'order', hold.order_reference)), '[]')
   from inventory.hold_line line join inventory.hold on hold.id = line.hold_id where line.sku = any($1::text[])) as lines,
  (select coalesce(jsonb_agg(jsonb_build_object('sku', sku, 'place', location_code, 'held', held, 'dated', held_dated)), '[]')
   from inventory.stock_level where sku = any($1::text[])) as stock,
  exists (select from inventory.allocation_rule) as shared,
  (select coalesce(jsonb_agg(jsonb_build_object('sku', sku, 'channel', channel, 'used', used)), '[]')
   from inventory.allocation_rule join inventory.channel_use using (period) where sku = any($1::text[])) as uses,
  (select coalesce(jsonb_agg(jsonb_build_object('sku', sku, 'place', location_code, 'hold', hold_id, 'ins', ins, 'outs', outs, 'sum', sum)), '[]') from (
     select sku, location_code, hold_id, count(*) filter (where delta > 0) as ins, count(*) filter (where delta < 0) as outs, sum(delta) as sum
     from inventory.ledger where sku = any($1::text[]) group by sku, location_code, hold_id) entry) as ledger`;

const total = <T>(items: readonly T[], of: (item: T) => number): number => items.reduce((sum, item) => sum + of(item), 0);

/** Checks every rule against what is committed now. @throws Violation */
export async function checkBooks(monitor: Pick<pg.Client, 'query'>, { skus, shares }: Pick<WorldPlan, 'skus' | 'shares'>, erp: Erp, journal: Journal, now: () => number): Promise<void> {
  // What was acknowledged before the books are read is in them.
  const acknowledged = [...journal.committed];
  const { rows } = await monitor.query<Books>({ name: 'books', text: BOOKS, values: [skus] });
  const books = rows[0]!;
  // Not before they are read: what ran out since then may be another's in them.
  const nowMs = now();
  if (erp.oversold.length > 0) throw new Violation('the ERP can cover every order it is given', erp.oversold[0]!);
  for (const sku of skus) {
    const counted = books.lines.filter((line) => line.sku === sku && (line.state === 'COMMITTED' || (line.state === 'HELD' && line.expiresAt > nowMs)));
    checkSupply(sku, counted, erp);
    if (shares && books.shared) checkShares(sku, counted, Number(erp.everOf(sku)), shares);
  }
  if (books.shared) checkUse(books.lines, books.uses);
  checkCounters(books);
  checkLedger(books);
  checkStates(books.lines);
  checkAcknowledged(books.lines, acknowledged, erp, journal);
}

/** Ever committed and actively held, against everything there ever was, and is promised to come by each day something is held for. */
function checkSupply(sku: string, counted: readonly Line[], erp: Erp): void {
  const ever = Number(erp.everOf(sku));
  const undated = total(counted.filter((line) => line.dueOn === null), (line) => line.quantity);
  if (undated > ever) throw new Violation('sold + held <= what there ever was', `${undated} ${sku} of ${ever}`);
  for (const day of new Set(counted.flatMap((line) => line.dueOn ?? []))) {
    const due = total(counted.filter((line) => line.dueOn === null || line.dueOn <= day), (line) => line.quantity);
    const coming = Number(erp.comingOf(sku, day));
    if (due > ever + coming) throw new Violation('sold + held by a day <= what there ever was or is promised to come by it', `${due} ${sku} by ${day} of ${ever} + ${coming}`);
  }
}

function checkCounters({ stock, lines, ledger }: Books): void {
  for (const { sku, place, held, dated } of stock) {
    const open = lines.filter((line) => line.open && line.sku === sku && line.place === place);
    const [lineHeld, lineDated] = [total(open.filter((line) => !line.dated), (line) => line.quantity), total(open.filter((line) => line.dated), (line) => line.quantity)];
    const booked = total(ledger.filter((entry) => entry.sku === sku && entry.place === place), (entry) => entry.sum);
    if (held !== lineHeld || dated !== lineDated) throw new Violation('counters = open lines', `${sku} at ${place}: counters ${held} + ${dated}, lines ${lineHeld} + ${lineDated}`);
    if (held + dated !== booked) throw new Violation('counters = sum of the ledger', `${sku} at ${place}: counters ${held} + ${dated}, ledger ${booked}`);
  }
}

function checkLedger({ lines, ledger }: Books): void {
  const keyOf = ({ sku, place, hold }: Pick<Line, 'sku' | 'place' | 'hold'>): string => `${sku} ${place} ${hold}`;
  const entries = new Map(ledger.map((entry) => [keyOf(entry), entry]));
  for (const line of lines) {
    const entry = entries.get(keyOf(line));
    const [ins, outs] = [entry?.ins ?? 0, entry?.outs ?? 0];
    if (ins !== 1 || outs !== (line.open ? 0 : 1)) throw new Violation('a line enters and leaves the ledger once', `${line.sku} of ${line.hold}: in ${ins}, out ${outs}, ${line.open ? 'open' : 'closed'}`);
  }
}

function checkStates(lines: readonly Line[]): void {
  const stray = lines.find((line) => line.open && (line.state === 'RELEASED' || line.state === 'EXPIRED'));
  if (stray) throw new Violation('a hold that has ended holds nothing', `${stray.sku} of ${stray.hold}, ${stray.state}`);
}

function checkAcknowledged(lines: readonly Line[], acknowledged: readonly (readonly [string, string])[], erp: Erp, journal: Journal): void {
  const byHold = Map.groupBy(lines, (line) => line.hold);
  for (const [reference, holdId] of acknowledged) {
    if (journal.cancelling.has(reference)) continue;
    const bound = byHold.get(holdId) ?? [];
    if (bound.length === 0 || bound.some((line) => line.state !== 'COMMITTED' || line.order !== reference)) {
      throw new Violation('an acknowledged commit is present', `${reference}: hold ${holdId} is ${bound[0]?.state ?? 'gone'} for ${bound[0]?.order ?? 'nobody'}`);
    }
  }
  for (const reference of journal.submitted) {
    if (erp.documentsOf(reference) > 1) throw new Violation('one ERP order per key', `${reference} has ${erp.documentsOf(reference)} documents`);
  }
}

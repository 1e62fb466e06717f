import type { ErpOrder, NewOrder } from '../../../../domain/orders.ts';
import { instant } from '../../../../domain/time.ts';
import type { Erp } from '../../world/erp.ts';
import type { Random } from '../../world/random.ts';

interface Entry {
  document: ErpOrder;
  /** Made because we asked for it; else somebody copied it by hand. */
  readonly isOurs: boolean;
  changedAtMs: number;
}

/** The ERP's order documents. Like the real ones it makes a new one for every create it carries out. */
export interface ErpDesk {
  create(order: NewOrder): ErpOrder;
  find(reference: string): ErpOrder | null;
  confirm(id: string): ErpOrder;
  /** What changed since then; all of it without. */
  changed(since: number | null): readonly ErpOrder[];
  /** Somebody copies a document, or looks at one and saves it as it is. False: there is none. */
  meddle(): boolean;
  isCopy(id: string | null): boolean;
  /** Documents made because we asked, by reference. */
  made(): ReadonlyMap<string, readonly ErpOrder[]>;
}

export interface ErpDeskOptions {
  readonly erp: Erp;
  readonly random: Random;
  readonly now: () => number;
  readonly note: (line: () => string) => void;
  readonly drafts: () => number;
  readonly copies: boolean;
}

/** Where a line should leave from is a hint: the ERP decides. */
const anywhere = (order: NewOrder): NewOrder => ({ ...order, lines: order.lines.map((line) => ({ ...line, locationCode: null })) });

export function createErpDesk({ erp, random, now, note, drafts, copies }: ErpDeskOptions): ErpDesk {
  const entries: Entry[] = [];
  const save = (entry: Entry, change: Partial<ErpOrder>): ErpOrder => {
    entry.changedAtMs = now();
    return (entry.document = { ...entry.document, ...change, updatedAt: instant(now()) });
  };
  return {
    create: (order) => {
      const state = random.chance(drafts()) ? 'DRAFT' : 'CONFIRMED';
      const document: ErpOrder = { ...erp.take(anywhere(order)), state };
      entries.push({ document, isOurs: true, changedAtMs: now() });
      note(() => `ERP: makes ${document.id} of ${order.reference}, ${state}`);
      return document;
    },
    find: (reference) => entries.find(({ document }) => document.reference === reference)?.document ?? null,
    confirm: (id) => save(entries.find(({ document }) => document.id === id)!, { state: 'CONFIRMED' }),
    changed: (since) => entries.filter(({ changedAtMs }) => since === null || changedAtMs >= since).map(({ document }) => document),
    meddle: () => {
      if (entries.length === 0) return false;
      const entry = random.pick(entries);
      if (!copies || random.chance(0.5)) save(entry, {});
      else {
        const id = `COPY-${entries.length + 1}`;
        entries.push({ document: { ...entry.document, id, number: id, updatedAt: instant(now()) }, isOurs: false, changedAtMs: now() });
        note(() => `ERP: somebody copies ${entry.document.id} as ${id}`);
      }
      return true;
    },
    isCopy: (id) => entries.some(({ document, isOurs }) => !isOurs && document.id === id),
    made: () => Map.groupBy(entries.filter(({ isOurs }) => isOurs).map(({ document }) => document), ({ reference }) => reference ?? ''),
  };
}

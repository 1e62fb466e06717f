import type { ErpOrder } from '../../../domain/orders.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Database } from '../../../platform/stores/sql.ts';
import { recordErpOrders } from '../following/store-erp-orders.ts';

type Recording = (document: ErpOrder, source: string, at: () => Instant) => Promise<void>;

const recordings = new WeakMap<Database, Recording>();

/**
 * Records documents the ERP answered with. Facts are written one transaction at a time by everybody: what comes while one
 * is being written goes into the next, all of it together, so that a backlog does not wait for a commit per order.
 */
export function recordingOf(database: Database): Recording {
  const known = recordings.get(database) ?? createRecording(database);
  recordings.set(database, known);
  return known;
}

interface Waiting {
  readonly document: ErpOrder;
  readonly source: string;
  readonly settle: (error: unknown) => void;
}

function createRecording(database: Database): Recording {
  let waiting: Waiting[] = [];
  let writing = false;
  const write = (batch: readonly Waiting[], at: Instant): Promise<unknown> =>
    database.transaction(
      (tx) => recordErpOrders(tx, batch.map(({ document }) => document), { source: batch[0]!.source, at }),
      { releaseLocksEarly: true },
    );
  const writeAll = async (at: () => Instant): Promise<void> => {
    while (waiting.length > 0) {
      const { source } = waiting[0]!;
      const batch = waiting.filter((one) => one.source === source);
      waiting = waiting.filter((one) => one.source !== source);
      const failed = await write(batch, at()).then(() => false, () => true);
      // One that cannot be written must not keep the others from it.
      for (const one of batch) await (failed ? write([one], at()) : Promise.resolve()).then(() => one.settle(null), one.settle);
    }
  };
  return (document, source, at) =>
    new Promise((resolve, reject) => {
      waiting.push({ document, source, settle: (error) => (error === null ? resolve() : reject(error as Error)) });
      if (writing) return;
      writing = true;
      void writeAll(at).finally(() => {
        writing = false;
      });
    });
}

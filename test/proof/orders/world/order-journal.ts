import type { PlacementText } from '../../../../subgraphs/orders/placing/validation.ts';
import type { PlaceOrderOutcome } from '../../../../subgraphs/orders/placing/place-order.ts';
import type { OrderRecord } from '../../../../subgraphs/orders/records.ts';
import { Violation } from '../../world/violation.ts';

/** What a shopper was told, kept outside of everything that may fail. */
export interface Acknowledged {
  readonly id: string;
  readonly number: string;
  readonly owner: string;
  readonly placement: PlacementText;
  readonly channel: string | null;
  /** Told without "its stock is still being reserved": nothing may take it back any more. */
  isCertain: boolean;
}

export interface OrderJournal {
  readonly acknowledged: ReadonlyMap<string, Acknowledged>;
  /** Orders the ERP said no to. */
  readonly refused: Set<string>;
  /** What PostgreSQL refused. */
  readonly broken: string[];
  /** @throws Violation when the same question got another answer before */
  acknowledge(owner: string, channel: string | null, placement: PlacementText, outcome: PlaceOrderOutcome): void;
  /** The key was answered that its order is no more. @throws Violation when its order had been told for certain */
  takenBack(owner: string, key: string): void;
}

const SAME_KEY = 'the same key gets the same order';
const SAME_EXTERNAL_ID = 'one order per (channel, externalOrderId)';

export function createOrderJournal(): OrderJournal {
  const acknowledged = new Map<string, Acknowledged>();
  const byKey = new Map<string, Acknowledged>();
  const byExternalId = new Map<string, Acknowledged>();
  const requireSame = (rule: string, earlier: Acknowledged | undefined, order: OrderRecord, what: string): void => {
    // What was told with a warning may have been taken back meanwhile, and its place is free.
    if (earlier && earlier.isCertain && earlier.id !== order.id) throw new Violation(rule, `${what}: ${earlier.number} and ${order.number}`);
  };
  return {
    acknowledged, refused: new Set(), broken: [],
    acknowledge: (owner, channel, placement, { order: told, warnings }) => {
      const order = told!;
      const [key, externalId] = [`${owner} ${placement.idempotencyKey}`, `${channel ?? ''} ${placement.externalOrderId ?? ''}`];
      requireSame(SAME_KEY, byKey.get(key), order, key);
      const isCertain = !warnings.some(({ code }) => code === 'STOCK_NOT_YET_RESERVED');
      const known = acknowledged.get(order.id) ?? { id: order.id, number: order.number, owner, placement, channel, isCertain };
      known.isCertain ||= isCertain;
      acknowledged.set(order.id, known);
      byKey.set(key, known);
      if (!placement.externalOrderId) return;
      requireSame(SAME_EXTERNAL_ID, byExternalId.get(externalId), order, externalId);
      byExternalId.set(externalId, known);
    },
    takenBack: (owner, key) => {
      const earlier = byKey.get(`${owner} ${key}`);
      if (earlier?.isCertain) throw new Violation(SAME_KEY, `${earlier.number} was acknowledged, now it is no more`);
    },
  };
}

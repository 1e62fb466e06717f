import { randomUUID } from 'node:crypto';
import { createGraph } from '../../../support/graph-client.ts';
import { PLACE, type Placed } from '../../../support/storefront-operations.ts';
import type { Random } from '../../world/random.ts';

export interface Acknowledgement {
  readonly idempotencyKey: string;
  readonly number: string;
}

export interface ShoppersOptions {
  readonly urls: readonly string[];
  readonly skus: readonly string[];
  readonly random: Random;
  readonly inFlight: number;
}

export interface Shoppers {
  readonly acknowledged: readonly Acknowledgement[];
  /** Answers that were wrong whatever went on: another order for the same key, a refusal nobody can explain. */
  readonly wrong: readonly string[];
  /** Starts no new basket; resolves when every basket begun has its answer. */
  finish(): Promise<void>;
}

/**
 * Buyers that behave as a checkout does: no answer, or "try again", means the same request with the same key, at whichever
 * gateway; some ask twice at once; some come through a marketplace that numbers its orders.
 */
export function startShoppers({ urls, skus, random, inFlight }: ShoppersOptions): Shoppers {
  const acknowledged: Acknowledgement[] = [];
  const wrong: string[] = [];
  let finishing = false;
  const graphs = urls.map((url) => createGraph(url));
  const shop = async (own: Random): Promise<void> => {
    while (!finishing) {
      const { input, headers } = basket(skus, own);
      const numbers = await Promise.all(Array.from({ length: own.chance(0.2) ? 2 : 1 }, () => placeUntilAnswered({ graphs, input, headers, random: own.fork(), wrong })));
      const [number] = numbers;
      if (number === null || number === undefined) continue;
      if (numbers.some((other) => other !== number)) wrong.push(`${input.idempotencyKey} was answered with ${numbers.join(' and ')}`);
      acknowledged.push({ idempotencyKey: input.idempotencyKey, number });
    }
  };
  const shopping = Array.from({ length: inFlight }, () => shop(random.fork()));
  return {
    acknowledged, wrong,
    finish: async () => {
      finishing = true;
      await Promise.all(shopping);
    },
  };
}

function basket(skus: readonly string[], random: Random) {
  const chosen = new Set(Array.from({ length: random.int(1, 3) }, () => random.pick(skus)));
  const guest = random.int(1, 200);
  const input = {
    idempotencyKey: randomUUID(),
    contact: { name: `Guest ${guest}`, email: `guest${guest}@example.com` },
    lines: [...chosen].map((sku) => ({ sku, quantity: String(random.int(1, 2)) })),
    shipTo: { name: `Guest ${guest}`, line1: '1 Main Street', city: 'Springfield', postalCode: '12345', countryCode: 'US' },
    ...(random.chance(0.3) && { externalOrderId: randomUUID() }),
  };
  return { input, headers: { 'x-channel': 'web' } };
}

interface Attempt {
  readonly graphs: readonly ReturnType<typeof createGraph>[];
  readonly input: ReturnType<typeof basket>['input'];
  readonly headers: Readonly<Record<string, string>>;
  readonly random: Random;
  readonly wrong: string[];
}

/** Refusals that say "not now": the ERP or a process is away. */
const PASSING = new Set(['UNVERIFIED', 'UPSTREAM']);

async function placeUntilAnswered({ graphs, input, headers, random, wrong }: Attempt): Promise<string | null> {
  for (;;) {
    const answer = await random.pick(graphs)<Placed>(PLACE, { input }, headers).catch(() => null);
    const payload = answer?.data?.placeOrder;
    if (payload?.order) return payload.order.number;
    const [problem] = payload?.userErrors ?? [];
    if (problem?.code === 'HOLD_EXPIRED') return null;
    if (problem && !PASSING.has(problem.code)) {
      wrong.push(`${input.idempotencyKey} was refused: ${JSON.stringify(payload!.userErrors)}`);
      return null;
    }
    await new Promise((done) => setTimeout(done, random.int(50, 400)));
  }
}

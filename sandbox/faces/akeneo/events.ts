import { createHmac, randomUUID } from 'node:crypto';
import type { Engine } from '../../engine/engine.ts';
import type { Change } from '../../engine/part.ts';

/** The Event Platform: CloudEvents pushed at least once, signed over the raw body. */
export interface EventPush {
  readonly url: string;
  /** Signs as X-AKENEO-SIGNATURE-PRIMARY. */
  readonly secret: string;
  /** Waits before the retries; the vendor's are 5, 10 and 20 minutes. */
  readonly retryMs?: readonly number[];
  /** How a receiver is called; the machine's fetch unless told. */
  readonly send?: typeof fetch;
}

export interface EventPushing {
  /** A 404 or a redirect suspends the subscription at once; events are lost until `resume`. */
  readonly suspended: boolean;
  resume(): void;
  stop(): void;
}

const answerWithinMs = 5000;
const usualRetryMs = [5, 10, 20].map((minutes) => minutes * 60_000);
const kinds: Readonly<Record<string, string>> = { 'pim-product': 'product', 'pim-product-model': 'product-model' };
const verbs: Readonly<Record<Change['action'], string>> = { create: 'created', update: 'updated', remove: 'deleted' };

/** Sends every later change of products and models to `push.url`; unordered, as the vendor warns. */
export function pushPimEvents(engine: Engine, push: EventPush): EventPushing {
  const timers = new Set<NodeJS.Timeout>();
  let suspended = false;
  const deliver = async (body: string, waits: readonly number[]): Promise<void> => {
    const status = await post(push, body);
    if (status === 404 || (status >= 300 && status < 400)) suspended = true;
    const [wait, ...later] = waits;
    if (suspended || (status >= 200 && status < 300) || wait === undefined) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      void deliver(body, later);
    }, wait);
    timer.unref();
    timers.add(timer);
  };
  const stopListening = engine.onChange((changes) => {
    for (const change of changes) {
      const kind = kinds[change.table];
      if (kind !== undefined && !suspended) void deliver(JSON.stringify(eventOf(engine, kind, change)), push.retryMs ?? usualRetryMs);
    }
  });
  return {
    get suspended() {
      return suspended;
    },
    resume: () => void (suspended = false),
    stop: () => {
      stopListening();
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

function eventOf(engine: Engine, kind: string, change: Change): object {
  const named = kind === 'product' ? { product: { uuid: change.id } } : { product_model: { code: change.id } };
  return {
    specversion: '1.0', id: randomUUID(), source: 'pim', type: `com.akeneo.pim.v1.${kind}.${verbs[change.action]}`, subject: 'sandbox',
    datacontenttype: 'application/json', time: engine.clock.date().toISOString(), data: { ...named, author: { identifier: 'bot', type: 'api' } },
  };
}

/** The receiver's status, 0 when it did not answer in time. */
async function post({ url, secret, send = fetch }: EventPush, body: string): Promise<number> {
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  try {
    const answer = await send(url, {
      method: 'POST', body, redirect: 'manual', signal: AbortSignal.timeout(answerWithinMs),
      headers: { 'content-type': 'application/json', 'x-akeneo-signature-primary': signature, 'x-akeneo-signature-algorithm': 'HmacSHA256' },
    });
    return answer.status;
  } catch {
    return 0;
  }
}

import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { systemClock } from '../../../platform/clock.ts';
import type { BasketLine } from '../basket/basket.ts';
import type { GraphClient } from '../graph/client.ts';
import { HOLD_STOCK, RELEASE_HOLD } from '../graph/operations.ts';
import type { HoldAnswer, ShortLineView } from '../graph/types.ts';
import { useShop } from '../shell/shop.ts';
import { stored } from '../shell/stored.ts';
import { randomKey } from './random-key.ts';

const TTL_SECONDS = 900;

/** This tab's hold: a reload replaces it instead of competing with it. */
const ownHold = stored<string>('sessionStorage', 'shop.hold');

export type HoldState =
  | { readonly kind: 'HOLDING' }
  | { readonly kind: 'HELD'; readonly id: string; readonly secondsLeft: number }
  | { readonly kind: 'EXPIRED' }
  | { readonly kind: 'SHORT'; readonly lines: readonly ShortLineView[] }
  | { readonly kind: 'FAILED'; readonly message: string | null };

export interface HeldStock {
  readonly state: HoldState;
  readonly holdAgain: () => void;
}

export interface HoldOptions {
  /** Nothing is to be held at present. */
  readonly paused: boolean;
  /** An order with this hold is on its way: leaving gives nothing back. */
  readonly promised: boolean;
}

/** The order has taken the stock over. */
export const forgetHold = (): void => ownHold.write(null);

/** Reserves the lines while the checkout is open, counts down, gives them back on leaving. */
export function useHold(lines: readonly BasketLine[], { paused, promised }: HoldOptions): HeldStock {
  const { client } = useShop();
  const [state, setState] = useState<HoldState>({ kind: 'HOLDING' });
  const [round, setRound] = useState(0);
  const keep = useRef(promised);
  keep.current = promised;
  const key = JSON.stringify(lines);
  useEffect(() => {
    if (paused || lines.length === 0) return;
    let left = false;
    let ticking: ReturnType<typeof setInterval> | undefined;
    setState({ kind: 'HOLDING' });
    hold(client, lines).then(
      (answer) => {
        if (answer.hold) ownHold.write(answer.hold.id);
        if (left) return void (answer.hold && !keep.current && release(client, answer.hold.id));
        setState(stateOf(answer));
        if (answer.hold) ticking = countDown(answer.hold, setState);
      },
      (error: Error) => !left && setState({ kind: 'FAILED', message: error.message }),
    );
    return () => {
      left = true;
      clearInterval(ticking);
      const id = ownHold.read();
      if (id !== null && !keep.current) release(client, id);
    };
  }, [client, key, round, paused]);
  return { state, holdAgain: useCallback(() => setRound((current) => current + 1), []) };
}

async function hold(client: GraphClient, lines: readonly BasketLine[]): Promise<HoldAnswer> {
  const ask = async (replacesHoldId: string | null): Promise<HoldAnswer> => {
    const { data } = await client.request(HOLD_STOCK, { input: { idempotencyKey: randomKey(), lines, ttlSeconds: TTL_SECONDS, replacesHoldId } });
    return data.holdStock;
  };
  const answer = await ask(ownHold.read());
  if (!answer.userErrors.some(({ field }) => field[0] === 'replacesHoldId')) return answer;
  // The earlier hold belongs to an order by now, or is gone: there is nothing to replace.
  ownHold.write(null);
  return ask(null);
}

function release(client: GraphClient, holdId: string): void {
  ownHold.write(null);
  // Where this fails the hold ends by itself.
  client.request(RELEASE_HOLD, { holdId }).catch(() => undefined);
}

function stateOf({ hold: held, shortLines, userErrors }: HoldAnswer): HoldState {
  if (held) return { kind: 'HELD', id: held.id, secondsLeft: TTL_SECONDS };
  if (shortLines && shortLines.length > 0) return { kind: 'SHORT', lines: shortLines };
  return { kind: 'FAILED', message: userErrors[0]?.message ?? null };
}

/** Counts on the monotonic clock; a wall clock that is ahead or behind moves the end by no more than the hold's length. */
function countDown({ id, expiresAt }: NonNullable<HoldAnswer['hold']>, setState: (state: HoldState) => void): ReturnType<typeof setInterval> {
  const lengthMs = Math.min(TTL_SECONDS * 1000, Math.max(0, Date.parse(expiresAt) - systemClock.now()));
  const endsAt = systemClock.monotonic() + lengthMs;
  const tick = (): void => {
    const secondsLeft = Math.ceil((endsAt - systemClock.monotonic()) / 1000);
    if (secondsLeft <= 0) clearInterval(ticking);
    setState(secondsLeft <= 0 ? { kind: 'EXPIRED' } : { kind: 'HELD', id, secondsLeft });
  };
  const ticking = setInterval(tick, 1000);
  tick();
  return ticking;
}

import type { ExecutionResult } from 'graphql';
import type { SubscriptionHub } from '../../subscriptions/hub.ts';
import type { TextOfResult } from '../../subscriptions/result-texts.ts';
import type { SocketConnection } from './socket-connection.ts';

export interface PumpOptions {
  readonly hub: SubscriptionHub;
  readonly textOf: TextOfResult;
  readonly connection: SocketConnection;
  /** The client's name for the operation. */
  readonly id: string;
  readonly stream: AsyncIterableIterator<ExecutionResult>;
}

const DONE: IteratorResult<never> = { value: undefined, done: true };

/**
 * Hands a stream's events to the socket itself, in bytes that were made once for all who are told them, no faster than the
 * socket takes them. graphql-ws, which would write each anew, is handed only the end or the error.
 */
export function pumpToSocket({ hub, textOf, connection, id, stream }: PumpOptions): { readonly results: AsyncIterableIterator<never>; readonly ended: Promise<void> } {
  const name = JSON.stringify(id);
  let tellEnded!: () => void;
  const ended = new Promise<void>((done) => (tellEnded = done));
  let leave!: () => void;
  const left = new Promise<void>((done) => (leave = done));
  const pump = async (): Promise<IteratorResult<never>> => {
    for (;;) {
      const { value, done } = await stream.next();
      if (done || !connection.stream.mayHear()) break;
      await connection.send(`{"id":${name},"type":"next","payload":${textOf(value)}}`);
    }
    tellEnded();
    // "complete" would say that there will never be more. That this node goes is said by the close code.
    if (hub.isClosing) await left;
    return DONE;
  };
  const results: AsyncIterableIterator<never> = {
    next: () => pump().finally(tellEnded),
    return: async () => {
      leave();
      await stream.return?.();
      return DONE;
    },
    throw: async (error) => {
      await results.return!();
      throw error;
    },
    [Symbol.asyncIterator]: () => results,
  };
  return { results, ended };
}

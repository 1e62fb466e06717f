import { GraphQLError, type ExecutionResult } from 'graphql';
import type { TextOfResult } from '../../subscriptions/result-texts.ts';
import { cursorOfResult } from '../../subscriptions/subscriber.ts';
import type { StreamedResult } from './event-stream.ts';

export interface StreamedEvents extends AsyncIterableIterator<StreamedResult> {
  /** Tells this error, nothing after it, and is done. */
  endWith(error: GraphQLError): void;
}

const DONE: IteratorResult<StreamedResult> = { value: undefined, done: true };

/** Not a generator: leaving must reach a stream that waits for its next event. */
export function createStreamedEvents(stream: AsyncIterableIterator<ExecutionResult>, textOf: TextOfResult, mayHear: () => boolean): StreamedEvents {
  let last: GraphQLError | null = null;
  let isDone = false;
  const nextOf = async (): Promise<IteratorResult<ExecutionResult>> => {
    try {
      return await stream.next();
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      last = error;
      return { value: undefined, done: true };
    }
  };
  const events: StreamedEvents = {
    next: async () => {
      if (isDone) return DONE;
      const { value, done } = await nextOf();
      if (!done && mayHear()) return { value: { text: textOf(value), id: cursorOfResult(value) }, done: false };
      isDone = true;
      return last ? { value: { text: textOf({ data: null, errors: [last] }), id: null }, done: false } : DONE;
    },
    return: async () => {
      isDone = true;
      await stream.return?.();
      return DONE;
    },
    endWith: (error) => {
      last = error;
      void stream.return?.();
    },
    [Symbol.asyncIterator]: () => events,
  };
  return events;
}

import { useCallback, useEffect, useState } from 'preact/hooks';
import { useShop } from '../shell/shop.ts';
import type { RequestFailure } from './client.ts';
import type { Operation } from './operations.ts';

export interface QueryState<Data> {
  /** The last answer, kept while the next one is on its way. */
  readonly data: Data | null;
  readonly failure: RequestFailure | null;
  readonly loading: boolean;
  readonly reload: () => void;
}

/** Asks again whenever the variables or the language change; null variables ask nothing. */
export function useQuery<Data, Variables>(operation: Operation<Data, Variables>, variables: Variables | null): QueryState<Data> {
  const { client } = useShop();
  const [round, setRound] = useState(0);
  const [state, setState] = useState<{ data: Data | null; failure: RequestFailure | null; loading: boolean }>({ data: null, failure: null, loading: variables !== null });
  const key = JSON.stringify(variables);
  useEffect(() => {
    if (variables === null) return;
    const leaving = new AbortController();
    setState((before) => ({ ...before, loading: true }));
    client.request(operation, variables, leaving.signal).then(
      ({ data }) => !leaving.signal.aborted && setState({ data, failure: null, loading: false }),
      (failure: RequestFailure) => !leaving.signal.aborted && setState((before) => ({ ...before, failure, loading: false })),
    );
    return () => leaving.abort();
  }, [client, operation, key, round]);
  return { ...state, reload: useCallback(() => setRound((current) => current + 1), []) };
}

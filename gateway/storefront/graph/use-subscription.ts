import { useEffect, useRef } from 'preact/hooks';
import { useShop } from '../shell/shop.ts';
import type { Listener } from './client.ts';
import type { Operation } from './operations.ts';

/** Listens while the component is shown; null variables listen to nothing. */
export function useSubscription<Data, Variables>(operation: Operation<Data, Variables>, variables: Variables | null, listener: Listener<Data>): void {
  const { client } = useShop();
  const latest = useRef(listener);
  latest.current = listener;
  const key = JSON.stringify(variables);
  useEffect(() => {
    if (variables === null) return;
    return client.subscribe(operation, variables, {
      onData: (data) => latest.current.onData(data),
      onReconnect: () => latest.current.onReconnect(),
    });
  }, [client, operation, key]);
}

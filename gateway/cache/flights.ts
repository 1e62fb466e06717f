import type { Kept } from './kept.ts';

/** How a subgraph answered whoever asked it. */
export type Landing =
  | { readonly kind: 'KEPT'; readonly kept: Kept }
  /** It answered, but not so that it could be kept: with errors, or it changed meanwhile. */
  | { readonly kind: 'UNKEPT' }
  | { readonly kind: 'FAILED'; readonly cause: unknown }
  /** The one who asked has left. */
  | { readonly kind: 'LEFT' };

/** Questions under way in this process, by key: who has the same waits for the answer. */
export interface Flights {
  /** Null: nobody is asking. */
  find(key: string): Promise<Landing> | null;
  /** Call the answer exactly once. */
  begin(key: string): (landing: Landing) => void;
}

export function createFlights(): Flights {
  const flying = new Map<string, Promise<Landing>>();
  return {
    find: (key) => flying.get(key) ?? null,
    begin: (key) => {
      let land: (landing: Landing) => void = () => undefined;
      const flight = new Promise<Landing>((resolve) => (land = resolve));
      flying.set(key, flight);
      return (landing) => {
        if (flying.get(key) === flight) flying.delete(key);
        land(landing);
      };
    },
  };
}

import type { Graph } from './graph.ts';

/** The graph that new operations are answered by. What runs already ends on the one it began with. */
export interface GraphSource {
  readonly current: Graph;
  /** Calls back after each replacement. Returns how to stop that. */
  onReplaced(listener: (graph: Graph) => void): () => void;
}

export interface ReplaceableGraph extends GraphSource {
  replace(next: Graph): void;
}

export function createGraphSource(first: Graph): ReplaceableGraph {
  let current = first;
  const listeners = new Set<(graph: Graph) => void>();
  return {
    get current() {
      return current;
    },
    onReplaced: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    replace: (next) => {
      current = next;
      for (const listener of [...listeners]) listener(next);
    },
  };
}

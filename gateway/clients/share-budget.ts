/** Bounds what is asked on top of what callers ask: each of their requests earns a part of a repeat. */
export interface ShareBudget {
  earn(): void;
  /** False: spent. */
  trySpend(): boolean;
}

/**
 * @param share extra requests for each request, e.g. 0.1
 * @param reserve may be spent before anything was earned, and is the most that is kept
 */
export function createShareBudget(share: number, reserve: number): ShareBudget {
  let balance = reserve;
  return {
    earn: () => {
      balance = Math.min(reserve, balance + share);
    },
    trySpend: () => {
      if (balance < 1) return false;
      balance -= 1;
      return true;
    },
  };
}

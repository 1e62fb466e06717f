/** Whose request goes first where a system's budget is short: an earlier lane's. */
export const LANES = ['CHECKOUT', 'HOT', 'FEED'] as const;

export type Lane = (typeof LANES)[number];

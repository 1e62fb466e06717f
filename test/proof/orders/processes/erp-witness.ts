/** An ERP as the proof sees it: from the outside, without our connector. */
export interface ErpWitness {
  /** How the gateways are pointed at it. */
  readonly env: Readonly<Record<string, string>>;
  /** Makes sure that there is more of these than anybody buys. */
  stockUp(skus: readonly string[]): Promise<void>;
  /** Documents by our reference: how many there are, and their states. */
  documents(): Promise<ReadonlyMap<string, readonly string[]>>;
  /** What goes wrong with it from now on, drawn by the seed; 'DOWN' answers nobody at all. */
  trouble(kind: 'NONE' | 'FLAKY' | 'DOWN', seed: number): Promise<void>;
  /** Whether it may be killed -9 and started again. */
  readonly kill: (() => Promise<void>) | null;
  stop(): Promise<void>;
}

import type { Identity } from '../identity/door.ts';

export type Transport = 'http' | 'sse' | 'websocket';

/** Who sent an operation, and by which way. */
export interface Caller {
  readonly identity: Identity;
  /** Address of the client; behind trusted proxies the one they saw. */
  readonly address: string;
  readonly requestId: string;
  readonly transport: Transport;
}

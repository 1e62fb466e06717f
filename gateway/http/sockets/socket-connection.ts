import type { WebSocket } from 'ws';
import type { Clock } from '../../../platform/clock.ts';
import type { Caller } from '../../pipeline/caller.ts';
import type { OpenStream } from '../streams/open-streams.ts';

/** Close codes in the range applications may use, as graphql-ws has them, and two of the protocol's own. */
export const CLOSE = {
  NORMAL: 1000,
  /** The gateway goes; another one goes on from the last cursor. Clients of graphql-ws come back by themselves. */
  SERVICE_RESTART: 1012,
  /** There is no room now. */
  TRY_AGAIN_LATER: 1013,
  BAD_REQUEST: 4400,
  FORBIDDEN: 4403,
  TOO_MANY_REQUESTS: 4429,
} as const;

/** What a client sends: so many messages at once, and so many a second for long. */
const BURST = 256;
const PER_SECOND = 50;
/** What a client has not read. Beyond the first nothing more is made for it, beyond the second it is cut off. */
const ENOUGH_UNREAD_BYTES = 64 * 1024;
const MAX_UNREAD_BYTES = 4 * 1024 * 1024;

/** Which of a request's headers matter once it has become a WebSocket: the rest is not kept for hours. */
export interface KeptHeaders {
  readonly authorization: string | undefined;
  readonly apiKey: string | undefined;
  readonly requestId: string;
}

/** One WebSocket: what it may send and take, and who is behind it. */
export class SocketConnection {
  readonly socket: WebSocket;
  readonly stream: OpenStream;
  readonly headers: KeptHeaders;
  readonly address: string;
  /** Aborted once, when the connection closes. */
  readonly left = new AbortController();
  caller: Caller | null = null;
  /** Operations that are executed or opened, also those whose client no longer waits for them. */
  running = 0;
  readonly #clock: Clock;
  #tokens = BURST;
  #countedAt: number;
  #isAlive = true;

  constructor(parts: { readonly socket: WebSocket; readonly stream: OpenStream; readonly headers: KeptHeaders; readonly address: string; readonly clock: Clock }) {
    this.socket = parts.socket;
    this.stream = parts.stream;
    this.headers = parts.headers;
    this.address = parts.address;
    this.#clock = parts.clock;
    this.#countedAt = parts.clock.monotonic();
  }

  /** Counts a message, or a ping or pong of the WebSocket itself. False: too many, the connection is closed. */
  mayBeHeard(): boolean {
    if (this.socket.readyState !== this.socket.OPEN) return false;
    const now = this.#clock.monotonic();
    this.#tokens = Math.min(BURST, this.#tokens + ((now - this.#countedAt) * PER_SECOND) / 1_000);
    this.#countedAt = now;
    if (this.#tokens < 1) {
      this.close(CLOSE.TOO_MANY_REQUESTS, 'Too many messages');
      return false;
    }
    this.#tokens -= 1;
    return true;
  }

  /** Null: there is room for more. Otherwise resolves once this has left the process, or never will. */
  send(text: string): Promise<void> | null {
    const { socket } = this;
    if (socket.readyState !== socket.OPEN) return null;
    if (socket.bufferedAmount > MAX_UNREAD_BYTES) {
      // Who reads nothing reads no reason either.
      socket.terminate();
      return null;
    }
    if (socket.bufferedAmount < ENOUGH_UNREAD_BYTES) {
      socket.send(text);
      return null;
    }
    return new Promise((done) => socket.send(text, () => done()));
  }

  /** Called at intervals: one that has not answered the last ping is gone. */
  ping(): void {
    const { socket } = this;
    if (!this.#isAlive) return socket.terminate();
    this.#isAlive = false;
    if (socket.readyState === socket.OPEN) socket.ping();
  }

  onPong(): void {
    this.#isAlive = true;
  }

  /** What was sent before is delivered first. */
  close(code: number, reason: string): void {
    this.socket.close(code, reason);
  }
}

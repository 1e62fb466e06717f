import pg from 'pg';
import type { Log } from '../log.ts';

export interface ListenOptions {
  readonly url: string;
  readonly channel: string;
  readonly onNotify: (payload: string) => void;
  readonly log: Log;
}

const RECONNECT_AFTER_MS = 1_000;

/**
 * LISTEN on a connection of its own, made again until it succeeds when it was lost: LISTEN does not survive the
 * connection. What was notified meanwhile is unknown, so each new connection calls back once, with no payload.
 * @throws when the first connection fails.
 */
export async function listen({ url, channel, onNotify, log }: ListenOptions): Promise<() => Promise<void>> {
  let closed = false;
  let current: pg.Client | null = null;
  const connect = async (): Promise<void> => {
    const client = new pg.Client({ connectionString: url, application_name: `listen ${channel}`, keepAlive: true, connectionTimeoutMillis: 5_000 });
    // Until it is ours, whoever awaits it hears of its failure.
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query(`listen ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    }
    if (closed) return client.end();
    current = client;
    client.on('notification', (message) => onNotify(message.payload ?? ''));
    client.once('end', () => {
      if (closed) return;
      log.warn({ channel }, 'LISTEN connection lost');
      connectLater();
    });
  };
  const connectLater = (): void => {
    setTimeout(() => {
      if (!closed) void connect().then(() => onNotify(''), connectLater);
    }, RECONNECT_AFTER_MS).unref();
  };
  await connect();
  return async () => {
    closed = true;
    await current?.end().catch(() => undefined);
  };
}

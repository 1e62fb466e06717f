import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { requireFreePort } from '../../../platform/port-check.ts';

const host = '127.0.0.1';
let taken: Server | null = null;

afterEach(() => {
  taken?.close();
  taken = null;
});

async function takePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, host, done));
  taken = server;
  return (server.address() as { port: number }).port;
}

describe('a port asked for', () => {
  it('names the setting to change when somebody has it', async () => {
    const port = await takePort();
    await expect(requireFreePort({ host, port, setting: 'SANDBOX_PORT' })).rejects.toThrow(
      `SANDBOX_PORT: 127.0.0.1:${port} is in use by another process; stop that one, or set SANDBOX_PORT to a free port`,
    );
  });

  it('names PORT and HOST when the address is nobody\'s here', async () => {
    await expect(requireFreePort({ host: '192.0.2.1', port: 4000, setting: 'PORT' })).rejects.toThrow('PORT, HOST: cannot listen on 192.0.2.1:4000');
  });

  it('is left free, and 0 is always free', async () => {
    const port = await takePort();
    await new Promise((done) => taken!.close(done));
    await requireFreePort({ host, port, setting: 'PORT' });
    await requireFreePort({ host, port, setting: 'PORT' });
    await requireFreePort({ host, port: 0, setting: 'PORT' });
  });
});

import { createServer } from 'node:net';

export interface PortCheck {
  readonly host: string;
  /** 0 = any free one: nothing to check. */
  readonly port: number;
  /** The environment variable that chooses it, for the remedy. */
  readonly setting: string;
}

/**
 * Asked before anything is started: a port that is taken should cost a second, not a database.
 * @throws Error naming the setting to change.
 */
export function requireFreePort({ host, port, setting }: PortCheck): Promise<void> {
  if (port === 0) return Promise.resolve();
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.on('error', (error: NodeJS.ErrnoException) => fail(new Error(remedy(error, { host, port, setting }), { cause: error })));
    probe.listen(port, host, () => probe.close(() => done()));
  });
}

function remedy({ code, message }: NodeJS.ErrnoException, { host, port, setting }: PortCheck): string {
  if (code === 'EADDRINUSE') return `${setting}: ${host}:${port} is in use by another process; stop that one, or set ${setting} to a free port`;
  if (code === 'EACCES') return `${setting}: this user may not listen on port ${port}; set ${setting} to 1024 or more`;
  return `${setting}, HOST: cannot listen on ${host}:${port} (${message})`;
}

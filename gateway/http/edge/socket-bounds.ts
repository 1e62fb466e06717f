import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Log } from '../../../platform/log.ts';
import { addressGroupOf } from '../../limits/rate/address-group.ts';

export interface SocketBounds {
  /** Open connections of one client address, a WebSocket being one; 0 = as many as come. */
  readonly maxPerAddress: number;
  /** Proxies bring everybody's connections. */
  isTrusted(address: string): boolean;
  readonly log: Log;
}

/** Closes connections of an address that has too many open, before anything of them is read. */
export function boundSockets(server: Server, { maxPerAddress, isTrusted, log }: SocketBounds): void {
  if (maxPerAddress === 0) return;
  const open = new Map<string, number>();
  const full = new Set<string>();
  server.on('connection', (socket: Socket) => {
    const { remoteAddress } = socket;
    if (remoteAddress === undefined || isTrusted(remoteAddress)) return;
    const group = addressGroupOf(remoteAddress);
    const count = (open.get(group) ?? 0) + 1;
    if (count > maxPerAddress) {
      // Once for each address until it is below again: a flood must not fill the log as well.
      if (!full.has(group)) log.warn({ address: group, connections: maxPerAddress }, 'an address has too many connections open, more are closed; if it is a proxy of ours, name it in TRUSTED_PROXIES');
      full.add(group);
      socket.destroy();
      return;
    }
    open.set(group, count);
    socket.once('close', () => {
      const left = open.get(group)! - 1;
      if (left < maxPerAddress / 2) full.delete(group);
      if (left === 0) open.delete(group);
      else open.set(group, left);
    });
  });
}

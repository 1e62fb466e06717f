import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { addressGroupOf } from '../limits/rate/address-group.ts';

export interface SocketBounds {
  /** Open connections of one client address, a WebSocket being one; 0 = as many as come. */
  readonly maxPerAddress: number;
  /** Proxies bring everybody's connections. */
  isTrusted(address: string): boolean;
}

/** Closes connections of an address that has too many open, before anything of them is read. */
export function boundSockets(server: Server, { maxPerAddress, isTrusted }: SocketBounds): void {
  if (maxPerAddress === 0) return;
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const { remoteAddress } = socket;
    if (remoteAddress === undefined || isTrusted(remoteAddress)) return;
    const group = addressGroupOf(remoteAddress);
    const count = (open.get(group) ?? 0) + 1;
    if (count > maxPerAddress) {
      socket.destroy();
      return;
    }
    open.set(group, count);
    socket.once('close', () => {
      const left = open.get(group)! - 1;
      if (left === 0) open.delete(group);
      else open.set(group, left);
    });
  });
}

import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIP, isIPv4 } from 'node:net';

/** What of a request tells where it comes from: the same for HTTP, event streams and the upgrade to a WebSocket. */
export interface AddressedRequest {
  readonly headers: IncomingHttpHeaders;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

export type ClientAddressOf = (request: AddressedRequest) => string;

export interface Proxies {
  /** Address of the client: the socket's, or the last one in X-Forwarded-For that no proxy of ours has. */
  readonly clientAddressOf: ClientAddressOf;
  isTrusted(address: string): boolean;
}

/** Told once of a forwarding neighbour in our own networks that is not trusted: most likely a proxy somebody forgot to name. */
export type TellOfStranger = (address: string) => void;

const NAMED: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};
const NOWHERE = '0.0.0.0';
const OWN_NETWORKS = ['loopback', 'private'];

/**
 * Reads TRUSTED_PROXIES: addresses and CIDRs of our own proxies, or "loopback", "private". What X-Forwarded-For says is believed
 * only as far as proxies of ours wrote it: read from its end, the first address that is none of them is the client.
 * @throws Error naming an entry that is no address
 */
export function readTrustedProxies(entries: readonly string[], tellOfStranger: TellOfStranger = () => undefined): Proxies {
  const isTrusted = rangesOf(entries);
  const isNeighbour = rangesOf(OWN_NETWORKS);
  let isTold = false;
  const tell = (peer: string): void => {
    if (isTold || !isNeighbour(peer)) return;
    isTold = true;
    tellOfStranger(peer);
  };
  const clientAddressOf: ClientAddressOf = ({ headers, socket }) => {
    const peer = plainAddress(socket.remoteAddress ?? '') ?? NOWHERE;
    const forwarded = headers['x-forwarded-for'];
    if (forwarded === undefined) return peer;
    if (!isTrusted(peer)) {
      tell(peer);
      return peer;
    }
    const hops = [forwarded].flat().join(',').split(',');
    let client = peer;
    for (const hop of hops.reverse()) {
      const address = plainAddress(hop);
      // A hop that cannot be read was written by nobody we trust.
      if (address === null) break;
      client = address;
      if (!isTrusted(address)) break;
    }
    return client;
  };
  return { clientAddressOf, isTrusted };
}

function rangesOf(entries: readonly string[]): (address: string) => boolean {
  const ranges = new BlockList();
  for (const entry of entries.flatMap((name) => NAMED[name] ?? [name])) addRange(ranges, entry);
  return (address) => ranges.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}

function addRange(list: BlockList, entry: string): void {
  const [address = '', bits] = entry.split('/');
  const family = isIP(address);
  const prefix = bits === undefined ? (family === 4 ? 32 : 128) : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
  if (family === 0 || prefix < 0 || prefix > (family === 4 ? 32 : 128)) {
    throw new Error(`TRUSTED_PROXIES: "${entry}" is no address, no CIDR such as 10.0.0.0/8 and none of ${Object.keys(NAMED).join(', ')}`);
  }
  list.addSubnet(address, prefix, family === 4 ? 'ipv4' : 'ipv6');
}

/** Without port, brackets and zone; IPv4 as IPv4. Null: no address. */
function plainAddress(text: string): string | null {
  const trimmed = text.trim();
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(trimmed)?.[1] ?? /^([\d.]+):\d+$/.exec(trimmed)?.[1] ?? trimmed;
  const [address = ''] = bare.split('%');
  const plain = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
  return isIP(plain) ? plain : null;
}

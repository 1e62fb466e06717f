import { isIPv4, isIPv6 } from 'node:net';

/**
 * What counts as one client: an IPv4 address, or the /64 an IPv6 address is in, for a household has 2^64 of those. IPv4 written as IPv6
 * is IPv4. What is no address is one group of its own: nobody gets a fresh limit for a made-up name.
 */
export function addressGroupOf(address: string): string {
  if (isIPv4(address)) return address;
  const [bare = ''] = address.split('%');
  if (!isIPv6(bare)) return 'unknown';
  const groups = expand(bare);
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (mapped) return [groups[6]! >> 8, groups[6]! & 255, groups[7]! >> 8, groups[7]! & 255].join('.');
  return `${groups.slice(0, 4).map((group) => group.toString(16)).join(':')}::/64`;
}

/** The eight groups of an IPv6 address. */
function expand(address: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const plain = dotted ? `${dotted[1]}${hex(dotted[2], dotted[3])}:${hex(dotted[4], dotted[5])}` : address;
  const [before = '', after] = plain.split('::');
  const parse = (text: string | undefined): number[] => (text ? text.split(':').map((group) => parseInt(group, 16)) : []);
  const [first, last] = [parse(before), parse(after)];
  return [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
}

const hex = (high: string | undefined, low: string | undefined): string => ((Number(high) << 8) | Number(low)).toString(16);

import { decimal, ZERO } from '../../../domain/decimal.ts';
import type { RuleDraft } from '../../../subgraphs/inventory/channels/rule.ts';
import type { InventoryNode } from './inventory-node.ts';
import type { Random } from './random.ts';
import { Violation } from './violation.ts';

/** Of each SKU so many pieces for one channel and so many percent of the rest for another; what they leave is anybody's. */
export interface Shares {
  readonly site: number;
  readonly marketPercent: number;
}

/** With a share, without one, and callers of no channel. */
const CHANNELS = ['site', 'market', 'phone', null];

export const planShares = (random: Random): Shares => ({ site: random.int(1, 3), marketPercent: random.pick([25, 50, 100]) });

/** Everybody wants the same few pieces: as many from channels that have no share as from those that have. */
export const planChannels = (random: Random, shoppers: number): readonly (string | null)[] => Array.from({ length: shoppers }, () => random.pick(CHANNELS));

const RULE = 'shares';

const draftOf = ({ site, marketPercent }: Shares, skus: readonly string[]): RuleDraft => ({
  code: RULE, name: 'shares', skus, periodHours: 24, reallocation: null,
  shares: [
    { channel: 'site', share: { kind: 'FIXED', quantity: decimal(site) }, buffer: ZERO },
    { channel: 'market', share: { kind: 'PERCENT', percent: decimal(marketPercent) }, buffer: ZERO },
  ],
});

interface Shared {
  readonly nodes: readonly InventoryNode[];
  readonly plan: { readonly skus: readonly string[]; readonly shares: Shares | null };
}

/** Shares out what there is, before anybody comes. */
export async function shareOut({ nodes, plan: { shares, skus } }: Shared): Promise<void> {
  if (!shares) return;
  const outcome = await nodes[0]!.book.allocation.setRule({ owner: 'merchant', idempotencyKey: `set-${skus[0]}` }, draftOf(shares, skus));
  if (!outcome.ok) throw new Error(`the rule of this world is refused: ${JSON.stringify(outcome.refusals)}`);
}

/** Makes everything anybody's again. */
export async function endShares({ nodes, plan: { shares, skus } }: Shared): Promise<void> {
  if (shares) await nodes[0]!.book.allocation.removeRule({ owner: 'merchant', idempotencyKey: `remove-${skus[0]}` }, RULE);
}

/** What one channel ('' for none) took of one SKU. */
export interface Use {
  readonly sku: string;
  readonly channel: string;
  readonly used: number;
}

interface ChannelLine {
  readonly sku: string;
  readonly channel: string;
  readonly quantity: number;
  readonly state: string;
}

const usedBy = (lines: readonly ChannelLine[], channel: string): number => lines.reduce((sum, line) => (line.channel === channel ? sum + line.quantity : sum), 0);

/** What counts against a channel is what its holds and orders hold or have taken: what ended without a sale does not. */
export function checkUse(lines: readonly ChannelLine[], uses: readonly Use[]): void {
  const counting = lines.filter(({ state }) => state === 'HELD' || state === 'COMMITTED');
  const counters = new Map(uses.map(({ sku, channel, used }) => [`${sku} by ${channel}`, used]));
  for (const [key, same] of Map.groupBy(counting, ({ sku, channel }) => `${sku} by ${channel}`)) {
    const used = usedBy(same, same[0]!.channel);
    if (counters.get(key) !== used) throw new Violation('use = what holds and orders took', `${key}: counter ${counters.get(key) ?? 0}, lines ${used}`);
    counters.delete(key);
  }
  for (const [key, used] of counters) if (used !== 0) throw new Violation('use = what holds and orders took', `${key}: counter ${used}, no lines`);
}

/**
 * Of all there ever was each channel has its share or what it took beyond it; what the others took fits beside. As a SKU
 * gets more, the two shares together grow by no more than that: so what was right when it was taken stays right.
 */
export function checkShares(sku: string, counted: readonly ChannelLine[], ever: number, { site, marketPercent }: Shares): void {
  const ownSite = Math.min(site, ever);
  const ownMarket = Math.floor(((ever - ownSite) * marketPercent) / 100);
  const [usedSite, usedMarket] = [usedBy(counted, 'site'), usedBy(counted, 'market')];
  const others = counted.reduce((sum, { quantity }) => sum + quantity, 0) - usedSite - usedMarket;
  if (Math.max(ownSite, usedSite) + Math.max(ownMarket, usedMarket) + others <= ever) return;
  throw new Violation(`nobody takes another channel's share`, `${sku}: site ${usedSite} of ${ownSite}, market ${usedMarket} of ${ownMarket}, others ${others}, of ${ever}`);
}

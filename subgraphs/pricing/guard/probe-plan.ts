import type { Sku } from '../../../domain/ids.ts';
import type { CurrencyCode } from '../../../domain/money.ts';
import type { ResolutionPolicy } from '../../../domain/pricing.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import type { GuardSettings } from './guard-settings.ts';
import type { IncomingChange } from './incoming-change.ts';
import type { ProbeVariant } from './move.ts';
import { basesOf, dependantsOf, linksWith, listsOf, namedSkus, targetsOf, type ListLink } from './reach.ts';
import { countCovered, readComputedLists, readCovered, readLinks, readListsIn, sampleCovered, SAMPLED_ABOVE } from './store-coverage.ts';

/** SKUs whose prices are compared on the same lists. */
export interface ProbeGroup {
  readonly variants: readonly ProbeVariant[];
  readonly skus: readonly Sku[];
}

export interface PlanContext {
  readonly settings: GuardSettings;
  readonly policy: ResolutionPolicy;
  /** Lists of whole channels: where lists are read together, a contract is read beside them. */
  readonly channelLists: readonly string[];
}

/** Of lists that follow from what changes, so many are looked at. */
const MOST_LISTS = 50;
const MOST_DEPENDANTS = 20;

/** What is to be compared, so that every change is seen in its effect: exactly for the SKUs it names, by a sample where it covers many. */
export async function planProbes(tx: Sql, changes: readonly IncomingChange[], context: PlanContext): Promise<readonly ProbeGroup[]> {
  const links = linksWith(await readLinks(tx), changes);
  const groups = await Promise.all([...groupByList(changes)].map(async ([code, own]): Promise<ProbeGroup> => {
    const codes = code === null ? await listsFollowing(tx, own) : [code, ...dependantsOf(links, code).slice(0, MOST_DEPENDANTS)];
    const isBase = code === null || code === context.policy.baseListCode;
    const followers = isBase && code !== null ? await readComputedLists(tx, MOST_LISTS) : [];
    const lists: readonly (string | null)[] = [...(isBase ? [null] : []), ...new Set([...codes, ...followers])];
    return { variants: lists.flatMap((list) => variantsOf(list, own, links, context)), skus: await skusOf(tx, own, code) };
  }));
  return groups.filter(({ variants, skus }) => variants.length > 0 && skus.length > 0);
}

/** Null: what concerns every list. A rule that moved concerns two. */
function groupByList(changes: readonly IncomingChange[]): ReadonlyMap<string | null, readonly IncomingChange[]> {
  const groups = new Map<string | null, IncomingChange[]>();
  for (const change of changes) {
    const lists = listsOf(change);
    for (const code of lists.length === 0 ? [null] : lists) groups.set(code, [...(groups.get(code) ?? []), change]);
  }
  return groups;
}

/** The lists that follow an item's own price, or a rate. */
async function listsFollowing(tx: Sql, changes: readonly IncomingChange[]): Promise<readonly string[]> {
  const computed = await readComputedLists(tx, MOST_LISTS);
  const currencies = currenciesOf(changes);
  return currencies.length === 0 ? computed : [...new Set([...computed, ...(await readListsIn(tx, currencies, MOST_LISTS))])];
}

const currenciesOf = (changes: readonly IncomingChange[]): readonly CurrencyCode[] => [
  ...new Set(changes.flatMap((change) => (change.kind === 'currency_rate' ? [change.before, change.after] : [])).flatMap((row) => (row === null ? [] : [row.base_currency_code, row.currency_code]))),
];

function variantsOf(listCode: string | null, changes: readonly IncomingChange[], links: readonly ListLink[], { settings, policy, channelLists }: PlanContext): readonly ProbeVariant[] {
  const threshold = settings.thresholdOf(listCode);
  if (threshold === null) return [];
  const base = policy.baseListCode === null ? [] : basesOf(links, policy.baseListCode);
  const own = listCode === null ? [] : [{ layer: 'CONTRACT' as const, code: listCode }];
  const beside = listCode === null || policy.acrossLists === 'FIRST_LIST' ? [] : channelLists.filter((code) => code !== listCode);
  const converted = changes.some(({ kind }) => kind === 'currency_rate') ? policy.convertedCurrencies : [];
  return [[], ...beside.map((code) => [{ layer: 'CHANNEL' as const, code }])].flatMap((more) => {
    const lists = [...own, ...more];
    const chain = [...new Set([...lists.flatMap(({ code }) => basesOf(links, code)), ...base])];
    return [null, ...converted].map((currencyCode) => ({ listCode, lists, currencyCode, chain, threshold }));
  });
}

async function skusOf(tx: Sql, changes: readonly IncomingChange[], listCode: string | null): Promise<readonly Sku[]> {
  const skus = new Set(changes.flatMap((change) => namedSkus(change) ?? []));
  const wide = changes.filter((change) => namedSkus(change) === null);
  // Rules of one target are many where breaks are: each target is looked at once.
  const targets = new Map(wide.map((change) => [JSON.stringify(targetsOf(change)), targetsOf(change)]));
  for (const covered of targets.values()) {
    const sampled = (await countCovered(tx, covered)) > SAMPLED_ABOVE;
    for (const sku of sampled ? await sampleCovered(tx, covered, listCode) : await readCovered(tx, covered)) skus.add(sku);
  }
  return [...skus].sort();
}

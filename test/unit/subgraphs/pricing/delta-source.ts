import type { List, PricePort, RuleRemovalQuestion } from '../../../../domain/connector.ts';
import type { PortSource } from '../../../../domain/ports.ts';
import type { ListPrice, PriceList, PriceRule } from '../../../../domain/pricing.ts';
import { instant } from '../../../../domain/time.ts';
import { listing, portsOf } from './pricing-fixture.ts';

/** A source whose deltas list the rules written since, and which can say whether rules are gone. */
export interface DeltaSource {
  readonly ports: PortSource;
  write(...rules: readonly PriceRule[]): void;
  remove(reference: string): void;
  /** What it was asked about removals, in order; tests empty it. */
  readonly asked: RuleRemovalQuestion[];
  /** What its answer about removals fails with; null: it answers. */
  trouble: string | null;
  /** Runs once, when a page of rules has been read and is on its way. */
  onListed: () => unknown;
}

interface Goods {
  readonly prices: ListPrice[];
  readonly lists: PriceList[];
}

export function createDeltaSource({ prices, lists }: Goods): DeltaSource {
  let writes = 0;
  const rules = new Map<string, { readonly rule: PriceRule; readonly at: number }>();
  const asked: RuleRemovalQuestion[] = [];
  const listRules: List<PriceRule> = async (page, call) => {
    const watermark = instant(writes);
    const since = page.since === null ? 0 : Date.parse(page.since);
    const written = [...rules.values()].filter(({ at }) => at >= since).map(({ rule }) => rule);
    const found = await listing(() => written)(page, call);
    const heard = source.onListed;
    source.onListed = () => undefined;
    await heard();
    return { ...found, watermark };
  };
  const findRemovedRules: PricePort['findRemovedRules'] = async (question) => {
    asked.push(question);
    if (source.trouble !== null) throw new Error(source.trouble);
    const known = question.mark === null ? [] : [...(JSON.parse(question.mark) as string[]), ...question.listed];
    return { removed: known.some((reference) => !rules.has(reference)), mark: JSON.stringify([...rules.keys()]) };
  };
  const owned = portsOf({ prices, lists, rules: [] }).port('prices')!;
  const port: PricePort = { ...owned.port, listPriceRules: listRules, findRemovedRules };
  const capabilities = { ...owned.capabilities, delta: ['priceRules' as const] };
  const source: DeltaSource = {
    ports: { port: (name) => (name === 'prices' ? ({ ...owned, port, capabilities } as never) : null) },
    write: (...written) => written.forEach((rule) => rules.set(rule.reference, { rule, at: (writes += 1) })),
    remove: (reference) => void rules.delete(reference),
    asked, trouble: null, onListed: () => undefined,
  };
  return source;
}

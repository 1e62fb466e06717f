import type { CallContext, RuleRemovalQuestion, RuleRemovals } from '../../domain/connector.ts';
import { addMs, instant, type Instant } from '../../domain/time.ts';
import type { OdooClient } from './client.ts';
import { datetimeOf } from './convert.ts';
import type { Domain, Query } from './paging.ts';

/**
 * What was there, in four numbers. Old enough to be all committed: exactly `settled`. Younger ones an import may still add to
 * below the highest id (a `create_date` is when its transaction began): at least `recent`.
 */
interface Mark {
  readonly highestId: number;
  /** Rules created before are settled. By Odoo's clock, to the second. */
  readonly settledBefore: Instant;
  readonly settled: number;
  readonly recent: number;
}

const IDS_PER_COUNT = 5_000;

/**
 * Counts what was there when it was counted last. Two requests where nothing is new, five where something is, and one more for 5,000
 * rules listed since, however many there are. The same domain as the lists' own: what the user may no longer see is gone, and what
 * he may see again is new, though no write date tells.
 */
export async function findRemovedRules(
  client: OdooClient, { model, domain }: Pick<Query, 'model' | 'domain'>, { mark, listed }: RuleRemovalQuestion, call: CallContext,
): Promise<RuleRemovals> {
  const count: Count = (more) => client.read<number>({ model, method: 'search_count', args: { domain: [...domain, ...more] } }, call);
  const before = mark === null ? null : decodeMark(mark);
  const edge = await readEdge(client, { model, domain }, call);
  const unmoved = before !== null && before.recent === 0 && before.highestId === edge.highestId ? before : null;
  // Before anything is compared: what goes meanwhile is in this one, or missing already.
  const moved = unmoved ?? (await countUpTo(count, edge));
  const removed = mark !== null && (before === null || (await differs(count, before)) || (await isAnyGone(count, before, listed)));
  return { removed, mark: JSON.stringify(removed ? await countUpTo(count, edge) : moved) };
}

type Count = (domain: Domain) => Promise<number>;
type Edge = Pick<Mark, 'highestId' | 'settledBefore'>;

const settledOf = ({ highestId, settledBefore }: Edge): Domain => [['id', '<=', highestId], ['create_date', '<', datetimeOf(settledBefore)]];
const recentOf = ({ highestId, settledBefore }: Edge): Domain => [['id', '<=', highestId], ['create_date', '>=', datetimeOf(settledBefore)]];

async function readEdge(client: OdooClient, { model, domain }: Pick<Query, 'model' | 'domain'>, call: CallContext): Promise<Edge> {
  const { value: [last], servedAt } = await client.readDated<{ id: number }[]>({ model, method: 'search_read', args: { domain, fields: ['id'], order: 'id desc', limit: 1 } }, call);
  return { highestId: last?.id ?? 0, settledBefore: addMs(servedAt, -client.settings.overlapSeconds * 1_000) };
}

const countUpTo = async (count: Count, edge: Edge): Promise<Mark> => ({ ...edge, settled: await count(settledOf(edge)), recent: await count(recentOf(edge)) });

/** More settled ones than there were are rules that came into sight: as good as a removal, since no delta has them either. */
const differs = async (count: Count, mark: Mark): Promise<boolean> =>
  (await count(settledOf(mark))) !== mark.settled || (mark.recent > 0 && (await count(recentOf(mark))) < mark.recent);

async function isAnyGone(count: Count, { highestId }: Mark, listed: readonly string[]): Promise<boolean> {
  const beyond = [...new Set(listed.map(Number))].filter((id) => id > highestId);
  for (let start = 0; start < beyond.length; start += IDS_PER_COUNT) {
    const ids = beyond.slice(start, start + IDS_PER_COUNT);
    if ((await count([['id', 'in', ids]])) < ids.length) return true;
  }
  return false;
}

function decodeMark(text: string): Mark | null {
  try {
    const { highestId, settledBefore, settled, recent } = JSON.parse(text) as Partial<Mark>;
    if ([highestId, settled, recent].every(Number.isInteger)) return { highestId, settledBefore: instant(settledBefore!), settled, recent } as Mark;
  } catch {
    // Answered below: whatever it is, it is no mark of ours.
  }
  return null;
}

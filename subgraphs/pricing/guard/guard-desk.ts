import { Failure, invalidInput } from '../../../domain/failure.ts';
import { instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import type { GraphContext } from '../../frame/module.ts';
import { checkPageSize, decodeCursor, encodeCursor } from '../../graph/paging.ts';
import { userErrorOf } from '../../graph/user-error.ts';
import { decideParked, type Decided, type DecisionRequest, type DecisionTools } from './decide-parked.ts';
import { PARKED_STATES, type ParkedChange, type ParkedState } from './parked-change.ts';
import { countParked, listParked, type ParkedFilter } from './store-parked.ts';

export interface GuardContext extends GraphContext {
  readonly guard: GuardDesk;
}

/** What people see of the guard, and tell it. */
export interface GuardDesk {
  /** @throws Failure INVALID_INPUT naming the argument at fault */
  list(filter: FilterInput, first: number, after: string | null): Promise<ParkedPage>;
  count(filter: ParkedFilter): Promise<number>;
  /** Refusals are in the answer. */
  decide(request: DecisionRequest): Promise<Decided>;
}

export interface FilterInput {
  readonly source?: string | null;
  readonly priceListCode?: string | null;
  readonly sku?: string | null;
  readonly batchId?: string | null;
  readonly state?: ParkedState | null;
}

export interface ParkedPage {
  readonly nodes: readonly ParkedChange[];
  readonly filter: ParkedFilter;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const LONGEST_KEY = 255;
const LONGEST_NOTE = 1_000;
const MOST_IDS = 1_000;

export const createGuardDesk = (tools: DecisionTools): GuardDesk => ({
  list: (filter, first, after) => list(tools.database, readFilter(filter), checkPageSize(first), after),
  count: (filter) => countParked(tools.database, filter),
  decide: async (request) => {
    try {
      return await decideParked(tools, checked(request));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { changes: [], userErrors: [userErrorOf(error)] };
    }
  },
});

async function list(sql: Sql, filter: ParkedFilter, limit: number, after: string | null): Promise<ParkedPage> {
  const rows = await listParked(sql, filter, after === null ? null : positionOf(after), limit + 1);
  const nodes = rows.slice(0, limit);
  const last = nodes.at(-1);
  return { nodes, filter, pageInfo: { hasNextPage: rows.length > limit, endCursor: last ? encodeCursor([last.parkedAt, last.id]) : null } };
}

function positionOf(cursor: string) {
  const [at, id] = decodeCursor(cursor, 2).map(String);
  if (Number.isNaN(Date.parse(at!)) || !UUID.test(id!)) throw invalidInput(['after'], 'after is not a cursor of this list; pass pageInfo.endCursor of the previous page unchanged');
  return { at: instant(at!), id: id! };
}

function readFilter({ source, priceListCode, sku, batchId, state }: FilterInput): ParkedFilter {
  if (batchId != null && !UUID.test(batchId)) throw invalidInput(['filter', 'batchId'], `${JSON.stringify(batchId)} is no batch's id`);
  for (const [name, text] of Object.entries({ source, priceListCode, sku })) checkStorable(['filter', name], text ?? '');
  return { source: source ?? null, priceListCode: priceListCode ?? null, sku: sku ?? null, batchId: batchId ?? null, state: state ?? PARKED_STATES[0] };
}

function checked(request: DecisionRequest): DecisionRequest {
  const { idempotencyKey, of, note } = request;
  if (idempotencyKey.trim() === '' || idempotencyKey.length > LONGEST_KEY) throw invalidInput(['idempotencyKey'], `idempotencyKey must have 1 to ${LONGEST_KEY} characters`);
  checkStorable(['idempotencyKey'], idempotencyKey);
  if (note !== null && note.length > LONGEST_NOTE) throw invalidInput(['note'], `note must have at most ${LONGEST_NOTE} characters`);
  checkStorable(['note'], note ?? '');
  const ids = 'id' in of ? [of.id] : 'ids' in of ? of.ids : [of.batchId];
  if (ids.length < 1 || ids.length > MOST_IDS) throw invalidInput(['ids'], `1 to ${MOST_IDS} ids at a time; a whole pass by its batchId`);
  const field = (index: number): readonly string[] => ('id' in of ? ['id'] : 'ids' in of ? ['ids', String(index)] : ['batchId']);
  const strange = ids.findIndex((id) => !UUID.test(id));
  if (strange >= 0) throw invalidInput(field(strange), `${JSON.stringify(ids[strange])} is no id of a parked price change or batch; take it from pendingPriceChanges`);
  return request;
}

/** PostgreSQL holds neither NUL nor half a character. */
function checkStorable(field: readonly string[], text: string): void {
  if (text.includes('\0') || !text.isWellFormed()) throw invalidInput(field, `${field.at(-1)} holds a character that cannot be stored`);
}

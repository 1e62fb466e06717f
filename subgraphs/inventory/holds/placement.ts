import { asFailure, type Failure } from '../../../domain/failure.ts';
import type { HoldOutcome, HoldRequest } from '../../../domain/inventory.ts';
import { isRefusedByDatabase } from '../../../platform/stores/refused.ts';
import { checkHoldRequest } from '../promise/input-checks.ts';
import { demandOf, type Demand } from './demand.ts';
import { createGroupCommit, type Settled } from './group-commit.ts';
import { createTimeOrderedIds } from './hold-id.ts';
import type { HoldTools } from './hold-tools.ts';
import { placeBatch } from './place-batch.ts';

export type { HoldTools } from './hold-tools.ts';

export interface HoldPlacement {
  /**
   * Reserves every line or none, or what there is where the request allows it. The same key answers the same hold, in the
   * state it has by now. Requests that come while others are under way share a transaction.
   * @throws Failure INVALID_INPUT naming the field; CONFLICT for a key used with another payload.
   */
  placeHold(request: HoldRequest): Promise<HoldOutcome>;
}

/** One per process: what it is asked for at once is decided together. */
export function createHoldPlacement(tools: HoldTools): HoldPlacement {
  const newId = tools.newId ?? createTimeOrderedIds(tools.clock);
  const place = (batch: readonly Demand[]): Promise<readonly Settled<HoldOutcome>[]> => placeBatch({ ...tools, newId }, batch);
  const commits = createGroupCommit<Demand, HoldOutcome>({ run: (batch) => placeAll(place, batch), weightOf: ({ lines }) => lines.length });
  return {
    placeHold: async (request) => {
      checkHoldRequest(request);
      return commits.submit(demandOf(request));
    },
  };
}

/** One request by itself, in a transaction of its own. */
export const placeHold = (tools: HoldTools, request: HoldRequest): Promise<HoldOutcome> => createHoldPlacement(tools).placeHold(request);

type Place = (batch: readonly Demand[]) => Promise<readonly Settled<HoldOutcome>[]>;

/**
 * A batch is one transaction: what the database refuses of one request undoes its neighbours as well. All are then run once
 * more, since a key that was being used elsewhere has its answer by now, and a deadlock or a kit being changed is over; then
 * one by one, so that only the one at fault is refused. Where the database is not there, all are told at once.
 */
async function placeAll(place: Place, batch: readonly Demand[]): Promise<readonly Settled<HoldOutcome>[]> {
  for (const _ of [1, 2]) {
    try {
      return await place(batch);
    } catch (error) {
      if (!isRefusedByDatabase(error)) throw error;
    }
  }
  const settled: Settled<HoldOutcome>[] = [];
  for (const demand of batch) settled.push(await place([demand]).then(([only]) => only!, refused));
  return settled;
}

const refused = (error: unknown): { ok: false; error: Failure } => ({ ok: false, error: asFailure(error) });

import { randomUUID } from 'node:crypto';
import { instant, type Instant } from '../../../domain/time.ts';
import { UserErrorCode } from '../../graph/user-error.ts';
import { systemOf } from '../codes/set-code.ts';
import { refuse } from '../placing/refusal.ts';
import { closedUntil } from '../submission/erp-gate.ts';
import { endWindow, insertWindow, listWindows, readStanding, type ErpStanding, type MaintenanceWindow } from '../submission/store-pause.ts';
import { performOnce, readReason, type OperatorTools } from './manual-action.ts';
import { readQueueDepth, type QueueDepth } from './store.ts';

/** Longer than this is no maintenance but a system taken away. */
const MAX_WINDOW_MS = 14 * 24 * 3_600_000;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export interface WindowRequest {
  readonly actor: string;
  readonly idempotencyKey: string;
  readonly system: string | null;
  readonly from: Instant;
  readonly until: Instant;
  readonly reason: string;
}

/** No order is sent to the system between the two instants, and none loses an attempt or its patience by it. @throws Refusal */
export async function setMaintenanceWindow(tools: OperatorTools, request: WindowRequest): Promise<MaintenanceWindow> {
  const { actor, idempotencyKey, from, until } = request;
  const system = systemOf(tools, request.system);
  const reason = readReason(request.reason);
  const action = { actor, idempotencyKey, action: 'maintenance.set', payload: { system, from, until, reason }, subject: system };
  return performOnce(tools, action, async (tx, at) => {
    const fault = faultOf(from, until, at);
    if (fault !== null) throw refuse(UserErrorCode.INVALID_INPUT, ['until'], fault);
    const window: MaintenanceWindow = { id: randomUUID(), system, from, until, reason, createdBy: actor, createdAt: at };
    await insertWindow(tx, window);
    return { result: window, audit: { from, until, reason } };
  });
}

function faultOf(from: Instant, until: Instant, now: Instant): string | null {
  if (until <= from) return 'until must be after from';
  if (until <= now) return 'until is in the past';
  return Date.parse(until) - Date.parse(from) > MAX_WINDOW_MS ? 'a window has at most 14 days' : null;
}

/** Ends a window now; one that has not begun never was. Null: there is none, or it is over. */
export async function removeMaintenanceWindow(tools: OperatorTools, request: Pick<WindowRequest, 'actor' | 'idempotencyKey'> & { readonly id: string }): Promise<MaintenanceWindow | null> {
  const { actor, idempotencyKey, id } = request;
  if (!UUID.test(id)) return null;
  const action = { actor, idempotencyKey, action: 'maintenance.remove', payload: { id }, subject: id };
  const { window } = await performOnce(tools, action, async (tx, at) => {
    const ended = await endWindow(tx, id, at);
    return { result: { window: ended }, audit: ended && { system: ended.system, from: ended.from, until: ended.until, reason: ended.reason } };
  });
  return window;
}

export interface QueueStanding extends QueueDepth {
  readonly system: string;
  readonly standing: ErpStanding;
  readonly closedUntil: Instant | null;
  readonly windows: readonly MaintenanceWindow[];
}

/** How the orders for a system stand as a whole. */
export async function readQueueStanding(tools: OperatorTools, named: string | null): Promise<QueueStanding> {
  const system = systemOf(tools, named);
  const now = instant(tools.clock.now());
  const standing = await readStanding(tools.database, system, now);
  return {
    ...(await readQueueDepth(tools.database)), system, standing, closedUntil: closedUntil(standing, now), windows: await listWindows(tools.database, system, now),
  };
}

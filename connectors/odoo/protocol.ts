import { failureOf, malformed, type OdooRefusal } from './failures.ts';

/** A call on a model, protocol aside. Arguments are named; `ids` are the records the method runs on. */
export interface OdooCall {
  readonly model: string;
  readonly method: string;
  readonly ids?: readonly number[];
  readonly args?: Readonly<Record<string, unknown>>;
  readonly context?: Readonly<Record<string, unknown>>;
}

export interface OdooHttpRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface OdooHttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** JSON-2: the path says what, the key says who, the answer is the bare result. */
export function encodeJson2(call: OdooCall, apiKey: string, database: string): OdooHttpRequest {
  const body = { ...call.args, ...(call.ids && { ids: call.ids }), ...(call.context && { context: call.context }) };
  return {
    path: `/json/2/${call.model}/${call.method}`,
    // Without the database header a server with several databases answers 404 in HTML.
    headers: { authorization: `bearer ${apiKey}`, 'x-odoo-database': database },
    body: JSON.stringify(body),
  };
}

export interface JsonRpcLogin {
  readonly database: string;
  readonly uid: number;
  readonly apiKey: string;
}

/** JSON-RPC: everything inside the body, records and `create`'s values by position. */
export function encodeJsonRpc(call: OdooCall, { database, uid, apiKey }: JsonRpcLogin): OdooHttpRequest {
  const { vals_list: values, ...named } = (call.args ?? {}) as { vals_list?: unknown };
  // `create` looks at args[0] to decide between one id and a list (odoo/api.py, _call_kw_model_create).
  const positional = call.method === 'create' ? [values] : call.ids === undefined ? [] : [call.ids];
  const keywords = { ...named, ...(call.context && { context: call.context }) };
  return encodeService('object', 'execute_kw', [database, uid, apiKey, call.model, call.method, positional, keywords]);
}

export const encodeAuthenticate = (database: string, login: string, apiKey: string): OdooHttpRequest =>
  encodeService('common', 'authenticate', [database, login, apiKey, {}]);

const encodeService = (service: string, method: string, args: readonly unknown[]): OdooHttpRequest => ({
  path: '/jsonrpc',
  headers: {},
  body: JSON.stringify({ jsonrpc: '2.0', method: 'call', params: { service, method, args }, id: 1 }),
});

export function decodeJson2(system: string, answer: OdooHttpAnswer): unknown {
  const body = parse(answer);
  if (answer.status === 200) {
    if (body === undefined) throw malformed(system, `JSON-2 answered 200 without JSON: ${answer.text.slice(0, 80)}`);
    return body;
  }
  throw failureOf(refusalOf(system, answer, body));
}

/** Always HTTP 200; what went wrong is inside. */
export function decodeJsonRpc(system: string, answer: OdooHttpAnswer): unknown {
  const body = parse(answer) as { result?: unknown; error?: { message?: string; data?: unknown } } | undefined;
  if (answer.status !== 200) throw failureOf(refusalOf(system, answer, body?.error?.data));
  if (typeof body !== 'object' || body === null) throw malformed(system, `JSON-RPC answered without JSON: ${answer.text.slice(0, 80)}`);
  if (body.error) throw failureOf(refusalOf(system, answer, body.error.data ?? { message: body.error.message }));
  // A method returning None is `result: null`, or no result at all in older versions.
  return body.result ?? null;
}

function refusalOf(system: string, { status, headers, text }: OdooHttpAnswer, body: unknown): OdooRefusal {
  const told = (typeof body === 'object' && body !== null ? body : {}) as { name?: unknown; message?: unknown };
  return {
    system,
    status,
    exception: typeof told.name === 'string' ? told.name : null,
    message: typeof told.message === 'string' ? told.message : text.slice(0, 120) || `HTTP ${status}`,
    retryAfterMs: retryAfterMsOf(headers['retry-after']),
  };
}

function retryAfterMsOf(header: string | string[] | undefined): number | undefined {
  const seconds = Number(Array.isArray(header) ? header[0] : header);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined;
}

function parse({ text }: OdooHttpAnswer): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

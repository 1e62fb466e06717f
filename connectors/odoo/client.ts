import { Agent, request } from 'undici';
import type { CallContext } from '../../domain/connector.ts';
import { Failure } from '../../domain/failure.ts';
import { instant, type Instant } from '../../domain/time.ts';
import { createCaller, DEFAULT_CALL_POLICY, type Caller } from '../../platform/call/call.ts';
import type { CallBudgets } from '../../platform/call/budget.ts';
import type { CallRequest } from '../../platform/call/policy.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { isUnknownModel, silenceOf } from './failures.ts';
import {
  decodeJson2, decodeJsonRpc, encodeAuthenticate, encodeJson2, encodeJsonRpc, type OdooCall, type OdooHttpAnswer, type OdooHttpRequest,
} from './protocol.ts';
import { scrub } from './scrub.ts';
import type { OdooSettings } from './settings.ts';

export interface OdooClientOptions {
  readonly name: string;
  readonly settings: OdooSettings;
  readonly log: Log;
  readonly clock: Clock;
  /** Where requests are counted; left out: in this client alone. */
  readonly budgets?: CallBudgets | undefined;
}

export interface OdooResult<T> {
  readonly value: T;
  /** Odoo's own clock when it answered, from the Date header; ours where a proxy strips it. */
  readonly servedAt: Instant;
}

/** Speaks to one Odoo. The only place of this connector with a socket. */
export class OdooClient {
  readonly #options: OdooClientOptions;
  readonly #agent: Agent;
  readonly #caller: Caller;
  #uid: Promise<number> | null = null;
  readonly #columns = new Map<string, Promise<ReadonlySet<string>>>();
  readonly #models = new Map<string, boolean>();
  #clockDifferenceMs: number | null = null;

  constructor(options: OdooClientOptions) {
    const { settings, name, clock, budgets } = options;
    this.#options = options;
    this.#agent = new Agent({ connections: settings.maxConcurrency, keepAliveTimeout: 30_000 });
    const { timeoutMs, attempts, maxConcurrency, requestsPerMinute } = settings;
    this.#caller = createCaller(name, { ...DEFAULT_CALL_POLICY, timeoutMs, attempts, maxConcurrency, requestsPerMinute }, {
      clock, random: Math.random, budgets, address: `${settings.url} ${settings.database}`,
    });
  }

  get system(): string {
    return this.#options.name;
  }

  get settings(): OdooSettings {
    return this.#options.settings;
  }

  get clock(): Clock {
    return this.#options.clock;
  }

  /** By how much Odoo's clock was ahead of ours when it answered last; null before. */
  get clockDifferenceMs(): number | null {
    return this.#clockDifferenceMs;
  }

  /** Runs a method that changes nothing: may be repeated. @throws Failure */
  async read<T>(call: OdooCall, context: CallContext): Promise<T> {
    return (await this.readDated<T>(call, context)).value;
  }

  async readDated<T>(call: OdooCall, context: CallContext): Promise<OdooResult<T>> {
    return this.#run<T>(call, context, true);
  }

  /** Runs a method that changes something: sent once, whatever happens. @throws Failure */
  async write<T>(call: OdooCall, context: CallContext): Promise<T> {
    return (await this.#run<T>(call, context, false)).value;
  }

  /**
   * Those of the wanted columns that this server has and this user may read: versions rename fields (`price_markup` is
   * 18+), modules add them (`carrier_tracking_ref`), rights hide them (`credit_limit`). Asked once a model.
   */
  async columnsOf(model: string, wanted: readonly string[], context: CallContext): Promise<readonly string[]> {
    let known = this.#columns.get(model);
    if (known === undefined) {
      known = this.read<Record<string, unknown>>({ model, method: 'fields_get', args: { attributes: ['type'] } }, context).then(
        (fields) => new Set(Object.keys(fields)),
      );
      known.catch(() => this.#columns.delete(model));
      this.#columns.set(model, known);
    }
    const columns = await known;
    return wanted.filter((column) => columns.has(column));
  }

  /** Whether the server has this model: modules bring them. Asked once. */
  async hasModel(model: string, context: CallContext): Promise<boolean> {
    const known = this.#models.get(model);
    if (known !== undefined) return known;
    const has = await this.columnsOf(model, ['id'], context).then(() => true, (error: unknown) => {
      if (isUnknownModel(error)) return false;
      throw error;
    });
    this.#models.set(model, has);
    return has;
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }

  async #run<T>(call: OdooCall, context: CallContext, repeatable: boolean): Promise<OdooResult<T>> {
    const asked = this.#inCompany(call);
    const { signal, deadlineAtMs, traceparent, lane } = context;
    const wanted: CallRequest = { signal, deadlineAtMs, repeatable, traceparent, lane };
    try {
      return await (this.settings.protocol === 'json2' ? this.#json2<T>(asked, wanted) : this.#jsonRpc<T>(asked, wanted));
    } catch (error) {
      throw silenceOf(this.system, error);
    }
  }

  #inCompany(call: OdooCall): OdooCall {
    const { companyId } = this.settings;
    return companyId === undefined ? call : { ...call, context: { allowed_company_ids: [companyId], ...call.context } };
  }

  #json2<T>(call: OdooCall, wanted: CallRequest): Promise<OdooResult<T>> {
    return this.#caller(wanted, async ({ signal }) => {
      const answer = await this.#send(encodeJson2(call, this.settings.apiKey, this.settings.database), signal);
      return { value: decodeJson2(this.system, answer) as T, servedAt: this.#servedAt(answer) };
    });
  }

  /** One new login when the cached uid is refused: users are re-created, databases restored. */
  async #jsonRpc<T>(call: OdooCall, wanted: CallRequest, again = true): Promise<OdooResult<T>> {
    const { database, apiKey } = this.settings;
    const uid = await this.#login(wanted);
    try {
      return await this.#caller(wanted, async ({ signal }) => {
        const answer = await this.#send(encodeJsonRpc(call, { database, uid, apiKey }), signal);
        return { value: decodeJsonRpc(this.system, answer) as T, servedAt: this.#servedAt(answer) };
      });
    } catch (error) {
      if (!again || !(error instanceof Failure) || error.code !== 'MISCONFIGURED') throw error;
      this.#uid = null;
      return this.#jsonRpc<T>(call, wanted, false);
    }
  }

  #login(wanted: CallRequest): Promise<number> {
    if (this.#uid === null) {
      // A request of its own, and of the first lane: whoever comes later waits for it too.
      const login = this.#caller({ ...wanted, repeatable: true, lane: 'CHECKOUT' }, ({ signal }) => this.#authenticate(signal));
      login.catch(() => (this.#uid = null));
      this.#uid = login;
    }
    return this.#uid;
  }

  async #authenticate(signal: AbortSignal): Promise<number> {
    const { database, login, apiKey } = this.settings;
    if (login === undefined) throw new Failure('MISCONFIGURED', '`login` is needed with protocol jsonrpc', { system: this.system, field: ['login'] });
    const uid = decodeJsonRpc(this.system, await this.#send(encodeAuthenticate(database, login, apiKey), signal));
    if (typeof uid === 'number') return uid;
    throw new Failure('MISCONFIGURED', `Odoo does not know login ${login} with this key in database ${database}`, { system: this.system, field: ['apiKey'] });
  }

  async #send({ path, headers, body }: OdooHttpRequest, signal: AbortSignal): Promise<OdooHttpAnswer> {
    const [startedMs, askedMs] = [this.clock.monotonic(), this.clock.now()];
    const answer = await request(new URL(path, this.settings.url), {
      method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body, signal, dispatcher: this.#agent,
    });
    const text = await answer.body.text();
    this.#compareClocks(answer.headers['date'], { askedMs, heardMs: this.clock.now() });
    this.#options.log.debug(
      { system: this.system, path, status: answer.statusCode, ms: Math.round(this.clock.monotonic() - startedMs), sent: this.#scrubbed(body), got: this.#scrubbed(text) },
      'odoo answered',
    );
    return { status: answer.statusCode, headers: answer.headers, text };
  }

  #scrubbed(text: string): string {
    return scrub(text.slice(0, 2_000), [this.settings.apiKey]);
  }

  /** The header is cut to the second, and was written between asking and hearing: a difference within that is none. */
  #compareClocks(header: unknown, { askedMs, heardMs }: { readonly askedMs: number; readonly heardMs: number }): void {
    const told = Date.parse(String(header));
    if (Number.isNaN(told)) return;
    const [least, most] = [told - heardMs, told + 999 - askedMs];
    this.#clockDifferenceMs = least > 0 ? least : Math.min(0, most);
  }

  #servedAt({ headers }: OdooHttpAnswer): Instant {
    const told = Date.parse(String(headers['date']));
    return instant(Number.isNaN(told) ? this.clock.now() : told);
  }
}

import { Agent, request } from 'undici';
import type { CallContext } from '../../domain/connector.ts';
import { Failure } from '../../domain/failure.ts';
import { instant, type Instant } from '../../domain/time.ts';
import type { CallBudgets } from '../../platform/call/budget.ts';
import { createCaller, DEFAULT_CALL_POLICY, type Caller } from '../../platform/call/call.ts';
import type { CallRequest } from '../../platform/call/policy.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { failureOf, malformed, silenceOf } from './failures.ts';
import { scrub } from './scrub.ts';
import type { AkeneoSettings } from './settings.ts';
import { keepTokens, type Grant, type Tokens } from './tokens.ts';

export interface AkeneoClientOptions {
  readonly name: string;
  readonly settings: AkeneoSettings;
  readonly log: Log;
  readonly clock: Clock;
  /** Where requests are counted; left out: in this client alone. */
  readonly budgets?: CallBudgets | undefined;
}

interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Uint8Array;
}

/** Speaks to one Akeneo. The only place of this connector with a socket. */
export class AkeneoClient {
  readonly #options: AkeneoClientOptions;
  readonly #agent: Agent;
  readonly #caller: Caller;
  readonly #tokens: Tokens;

  constructor(options: AkeneoClientOptions) {
    const { settings, name, clock, budgets } = options;
    this.#options = options;
    this.#agent = new Agent({ connections: settings.maxConcurrency });
    const { timeoutMs, attempts, maxConcurrency, requestsPerMinute } = settings;
    this.#caller = createCaller(name, { ...DEFAULT_CALL_POLICY, timeoutMs, attempts, maxConcurrency, requestsPerMinute }, { clock, random: Math.random, budgets, address: settings.url });
    this.#tokens = keepTokens((fields, asked) => this.#askToken(fields, asked), settings, clock);
  }

  get system(): string {
    return this.#options.name;
  }

  get settings(): AkeneoSettings {
    return this.#options.settings;
  }

  get clock(): Clock {
    return this.#options.clock;
  }

  /** GET of a JSON resource. `path` may carry a query and is taken relative to the configured address. @throws Failure */
  async read<T>(path: string, context: CallContext): Promise<{ readonly value: T; readonly servedAt: Instant }> {
    const answer = await this.#get(path, 'application/json', context);
    try {
      return { value: JSON.parse(Buffer.from(answer.body).toString('utf8')) as T, servedAt: this.#servedAt(answer) };
    } catch {
      throw malformed(this.system, `${path.split('?')[0]} answered 200 without JSON`);
    }
  }

  /** GET of bytes; null when there are none (404). */
  async readBytes(path: string, context: CallContext): Promise<{ readonly mimeType: string; readonly body: Uint8Array } | null> {
    try {
      const { headers, body } = await this.#get(path, '*/*', context);
      return { mimeType: String(headers['content-type'] ?? 'application/octet-stream').split(';')[0] as string, body };
    } catch (error) {
      if (error instanceof Failure && error.vendorCode === 'HTTP 404') return null;
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#agent.close();
  }

  async #get(path: string, accept: string, { signal, deadlineAtMs, traceparent, lane }: CallContext): Promise<HttpAnswer> {
    try {
      return await this.#authorised(path, accept, { signal, deadlineAtMs, repeatable: true, traceparent, lane });
    } catch (error) {
      throw silenceOf(this.system, error);
    }
  }

  /** A token that was refused is asked for anew, once. */
  async #authorised(path: string, accept: string, asked: CallRequest, again = true): Promise<HttpAnswer> {
    // A request of its own, and of the first lane: whoever comes later waits for it too.
    const token = await this.#tokens.read({ ...asked, lane: 'CHECKOUT' });
    const answer = await this.#caller(asked, async ({ signal }) => {
      const got = await this.#send('GET', path, { accept, authorization: `Bearer ${token}` }, undefined, signal);
      if ((got.status >= 200 && got.status < 300) || (got.status === 401 && again)) return got;
      throw this.#refusal(got);
    });
    if (answer.status !== 401) return answer;
    this.#tokens.refuse(token);
    return this.#authorised(path, accept, asked, false);
  }

  #askToken(fields: Readonly<Record<string, string>>, asked: CallRequest): Promise<Grant> {
    const { clientId, secret } = this.settings;
    const { grant_type, refresh_token, username, password } = fields;
    const body = grant_type === 'refresh_token' ? { grant_type, refresh_token } : { grant_type, username, password };
    const headers = { 'content-type': 'application/json', authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` };
    return this.#caller(asked, async ({ signal }) => {
      const answer = await this.#send('POST', '/api/oauth/v1/token', headers, JSON.stringify(body), signal);
      if (answer.status === 200) return JSON.parse(Buffer.from(answer.body).toString('utf8')) as Grant;
      if (answer.status === 429 || answer.status >= 500) throw this.#refusal(answer);
      throw new Failure('MISCONFIGURED', `Akeneo refused client, user or password: ${this.#refusal(answer).message}`, { system: this.system, vendorCode: `HTTP ${answer.status}` });
    });
  }

  async #send(method: 'GET' | 'POST', path: string, headers: Record<string, string>, body: string | undefined, signal: AbortSignal): Promise<HttpAnswer> {
    const startedMs = this.clock.monotonic();
    const url = new URL(`${this.settings.url.replace(/\/$/, '')}${path}`);
    const answer = await request(url, { method, headers, signal, dispatcher: this.#agent, ...(body !== undefined && { body }) });
    const bytes = await answer.body.bytes();
    const { password, secret } = this.settings;
    this.#options.log.debug(
      { system: this.system, method, path: scrub(path), status: answer.statusCode, ms: Math.round(this.clock.monotonic() - startedMs), bytes: bytes.length, sent: body && scrub(body, [password, secret]) },
      'akeneo answered',
    );
    return { status: answer.statusCode, headers: answer.headers, body: bytes };
  }

  #refusal({ status, headers, body }: HttpAnswer): Failure {
    const retryAfter = headers['retry-after'];
    return failureOf({ system: this.system, status, text: Buffer.from(body).toString('utf8'), retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter });
  }

  #servedAt({ headers }: HttpAnswer): Instant {
    const told = Date.parse(String(headers['date']));
    return instant(Number.isNaN(told) ? this.clock.now() : told);
  }
}

import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { QueryPlan } from '@apollo/query-planner';
import { GraphQLError, parse, print, type DocumentNode } from 'graphql';
import { createBoundedCache } from '../bounded-cache.ts';
import { createPlanWeigher } from './plan-weight.ts';
import { loadSupergraph, type PlanOptions, type Supergraph } from './supergraph.ts';

/** Plans what would keep everybody else waiting, in a thread of its own. */
export interface PlanningThread {
  /** Whether planning the document may take longer than other requests should wait. */
  isHeavy(document: DocumentNode): boolean;
  /**
   * @throws GraphQLError INVALID_INPUT (`limit: "planning"`) when it takes longer than the limit, or more memory than there
   *   is; OVERLOADED when too many wait
   */
  plan(document: DocumentNode, options: PlanOptions): Promise<QueryPlan>;
  /** Ends the thread; what it was at is refused. */
  close(): Promise<void>;
}

export interface PlanningThreadOptions {
  /** Weight from which on a document is planned here; see plan-weight.ts. */
  readonly heavyWeight?: number;
  /** For one plan, milliseconds. */
  readonly timeLimitMs?: number;
  /** Documents that may wait for their turn. */
  readonly maxWaiting?: number;
  /** Heap of the thread, megabytes. */
  readonly maxHeapMb?: number;
  /** An idle thread gives its memory back after this long. */
  readonly idleMs?: number;
}

/** About 15 ms of planning on the graphs it was measured on; see docs/decisions/0027. */
const HEAVY_WEIGHT = 150;
const REMEMBERED = 1_000;

interface Job {
  readonly text: string;
  readonly options: PlanOptions;
  done(plan: QueryPlan): void;
  failed(error: Error): void;
}

type Reply = 'ready' | { readonly plan: QueryPlan } | { readonly message: string };

/** The thread starts with the first document that needs it, and again after one that it did not survive. */
export function createPlanningThread({ sdl, apiSchema }: Pick<Supergraph, 'sdl' | 'apiSchema'>, options: PlanningThreadOptions = {}): PlanningThread {
  const { heavyWeight = HEAVY_WEIGHT, timeLimitMs = 2_000, maxWaiting = 64, maxHeapMb = 512, idleMs = 60_000 } = options;
  const weigh = createPlanWeigher(sdl, apiSchema);
  const queue = new PlanningQueue({ sdl, timeLimitMs, maxHeapMb, idleMs });
  // What was refused once is refused at once: a text that takes the thread down does so one time.
  const refused = createBoundedCache<GraphQLError>(REMEMBERED);
  return {
    isHeavy: (document) => weigh(document) > heavyWeight,
    plan: async (document, planOptions) => {
      const text = print(document);
      const key = keyOf(text, planOptions);
      const known = refused.get(key);
      if (known) throw known;
      if (queue.length >= maxWaiting) throw overloaded();
      try {
        return await queue.plan(text, planOptions);
      } catch (error) {
        if (error instanceof GraphQLError) refused.set(key, error);
        throw error;
      }
    },
    close: () => queue.close(),
  };
}

interface QueueOptions extends Pick<Required<PlanningThreadOptions>, 'timeLimitMs' | 'maxHeapMb' | 'idleMs'> {
  readonly sdl: string;
}

/** One plan at a time; the time limit begins when the thread gets the document, not when the thread is started. */
class PlanningQueue {
  readonly #options: QueueOptions;
  readonly #waiting: Job[] = [];
  #worker: Worker | null = null;
  #ready = false;
  #current: Job | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  get length(): number {
    return this.#waiting.length;
  }

  plan(text: string, options: PlanOptions): Promise<QueryPlan> {
    return new Promise((done, failed) => {
      this.#waiting.push({ text, options, done, failed });
      this.#next();
    });
  }

  async close(): Promise<void> {
    const closing = new Error('the graph is being closed');
    const jobs = [...(this.#current ? [this.#current] : []), ...this.#waiting.splice(0)];
    this.#current = null;
    await this.#stop();
    for (const job of jobs) job.failed(closing);
  }

  #next(): void {
    if (this.#current) return;
    clearTimeout(this.#timer);
    if (this.#waiting.length === 0) {
      // An idle thread keeps no process alive.
      this.#worker?.unref();
      this.#timer = setTimeout(() => void this.#stop(), this.#options.idleMs).unref();
      return;
    }
    const worker = (this.#worker ??= this.#start());
    worker.ref();
    if (!this.#ready) return;
    this.#current = this.#waiting.shift()!;
    this.#timer = setTimeout(() => this.#giveUp(), this.#options.timeLimitMs);
    worker.postMessage({ text: this.#current.text, options: this.#current.options });
  }

  #start(): Worker {
    const { sdl, maxHeapMb } = this.#options;
    const worker = new Worker(new URL(import.meta.url), { workerData: { purpose: PURPOSE, sdl } satisfies Task, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: maxHeapMb } });
    worker.on('message', (reply: Reply) => this.#onReply(reply));
    worker.on('error', (error) => (this.#current ? this.#giveUp() : this.#failAll(error)));
    return worker;
  }

  #onReply(reply: Reply): void {
    if (reply !== 'ready') return this.#finish((job) => ('plan' in reply ? job.done(reply.plan) : job.failed(new Error(reply.message))));
    this.#ready = true;
    this.#next();
  }

  #finish(settle: (job: Job) => void): void {
    const job = this.#current;
    this.#current = null;
    if (job) settle(job);
    this.#next();
  }

  #giveUp(): void {
    void this.#stop();
    this.#finish((job) => job.failed(tooHeavy()));
  }

  #failAll(error: unknown): void {
    void this.#stop();
    for (const job of this.#waiting.splice(0)) job.failed(error as Error);
  }

  async #stop(): Promise<void> {
    clearTimeout(this.#timer);
    const worker = this.#worker;
    this.#worker = null;
    this.#ready = false;
    worker?.removeAllListeners();
    // Its last words, an exhausted heap above all, are nobody's concern any more.
    worker?.on('error', () => undefined);
    await worker?.terminate();
  }
}

const keyOf = (text: string, { byType, labels }: PlanOptions): string => `${byType ? 1 : 0} ${JSON.stringify([...(labels ?? [])])}\n${text}`;

const tooHeavy = (): GraphQLError =>
  new GraphQLError('Planning this operation over the subgraphs takes more than is spent on one: ask for less at once, above all of what may be of many types.', {
    extensions: { code: 'INVALID_INPUT', limit: 'planning', http: { status: 400, isRequestError: true } },
  });

const overloaded = (): GraphQLError =>
  new GraphQLError('Too many operations wait to be planned; try again in a moment.', { extensions: { code: 'OVERLOADED', retryable: true, http: { status: 503, headers: { 'retry-after': '1' } } } });

const PURPOSE = 'plan operations';

interface Task {
  readonly purpose: typeof PURPOSE;
  readonly sdl: string;
}

/** What runs in the thread: this very file, loaded there. */
function planForOthers({ sdl }: Task): void {
  const supergraph = loadSupergraph(sdl);
  parentPort!.on('message', ({ text, options }: Pick<Job, 'text' | 'options'>) => {
    try {
      const plan = supergraph.buildPlan(parse(text, { noLocation: true }), options);
      parentPort!.postMessage({ plan } satisfies Reply);
    } catch (error) {
      parentPort!.postMessage({ message: (error as Error).message } satisfies Reply);
    }
  });
  parentPort!.postMessage('ready' satisfies Reply);
}

if (!isMainThread && (workerData as Partial<Task> | null)?.purpose === PURPOSE) planForOthers(workerData as Task);

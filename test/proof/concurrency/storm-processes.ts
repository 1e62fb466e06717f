import type { Hold } from '../../../domain/inventory.ts';
import type { Random } from '../world/random.ts';
import { startChild, type Child } from './child.ts';

export interface StormProcesses {
  /** kill -9 of one of them that sells; another takes its place. */
  killOne(): Promise<void>;
  /** kill -9 of all; resolves when everything they said has been heard. */
  end(): Promise<void>;
}

export interface StormProcessOptions {
  readonly url: string;
  readonly redisUrl: string | null;
  readonly count: number;
  readonly inFlight: number;
  readonly assortment: readonly string[];
  readonly random: Random;
  readonly onCommit: (reference: string, hold: Hold) => void;
  readonly onFailure: (message: string) => void;
}

type Named = Child & { readonly name: string };
type Said = { readonly reference: string; readonly hold: Hold } | { readonly failed: string } | { readonly started: string };

/** Processes that sell for as long as they live. */
export function startStormProcesses(options: StormProcessOptions): StormProcesses {
  let born = 0;
  const selling = new Set<string>();
  const hear = (line: string): void => {
    const said = JSON.parse(line) as Said;
    if ('started' in said) selling.add(said.started);
    else if ('reference' in said) options.onCommit(said.reference, said.hold);
    else if ('failed' in said) options.onFailure(said.failed);
  };
  const start = (): Named => {
    born += 1;
    const name = `process${born}`;
    return { name, ...startChild('storm-worker.ts', [
      options.url, options.redisUrl ?? '-', name, String(options.random.int(1, 1_000_000)), String(options.inFlight), options.assortment.join(','),
    ], hear) };
  };
  const kill = async ({ process, ended }: Child): Promise<void> => {
    process.kill('SIGKILL');
    await ended;
  };
  const living = Array.from({ length: options.count }, start);
  return {
    killOne: async () => {
      while (!living.some(({ name }) => selling.has(name))) await new Promise((later) => setTimeout(later, 50));
      const victim = options.random.pick(living.filter(({ name }) => selling.has(name)));
      living[living.indexOf(victim)] = start();
      await kill(victim);
    },
    end: async () => void (await Promise.all(living.map(kill))),
  };
}

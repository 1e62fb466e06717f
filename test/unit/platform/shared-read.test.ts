import { expect, onTestFinished, test, vi } from 'vitest';
import { createSharedRead } from '../../../platform/shared-read.ts';

function gatedRead() {
  const reads: { readonly keys: readonly string[]; finish(): void; fail(error: Error): void }[] = [];
  const read = (keys: readonly string[]): Promise<readonly string[]> =>
    new Promise((resolve, reject) => void reads.push({ keys, finish: () => resolve(keys.map((key) => key.toUpperCase())), fail: reject }));
  return { reads, read };
}

const turn = (): Promise<void> => new Promise((done) => setImmediate(done));

test('an idle store is asked at once, a busy one for everybody who waits together', async () => {
  const { reads, read } = gatedRead();
  const shared = createSharedRead({ read, patienceMs: 60_000 });
  const asked = [shared(['a']), shared(['b', 'c']), shared(['c', 'd'])];
  expect(reads.map(({ keys }) => keys)).toEqual([['a']]);
  reads[0]!.finish();
  await turn();
  expect(reads.map(({ keys }) => keys)).toEqual([['a'], ['b', 'c', 'd']]);
  reads[1]!.finish();
  expect(await Promise.all(asked)).toEqual([['A'], ['B', 'C'], ['C', 'D']]);
});

test('a key asked while it is being read is read again: no answer is older than its question', async () => {
  const { reads, read } = gatedRead();
  const shared = createSharedRead({ read, patienceMs: 60_000 });
  const first = shared(['a']);
  const second = shared(['a']);
  reads[0]!.finish();
  await first;
  await turn();
  expect(reads).toHaveLength(2);
  reads[1]!.finish();
  expect(await second).toEqual(['A']);
});

test('a read that is stuck holds up nobody for longer than the patience', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const { reads, read } = gatedRead();
  const shared = createSharedRead({ read, patienceMs: 20 });
  void shared(['stuck']);
  const second = shared(['b']);
  expect(reads).toHaveLength(1);
  vi.advanceTimersByTime(20);
  expect(reads.map(({ keys }) => keys)).toEqual([['stuck'], ['b']]);
  reads[1]!.finish();
  expect(await second).toEqual(['B']);
});

test('when reading together fails each is read alone, and fails alone', async () => {
  const failing = 'unreadable';
  const shared = createSharedRead({
    read: async (keys: readonly string[]) => {
      await turn();
      if (keys.includes(failing)) throw new Error(failing);
      return keys;
    },
  });
  const answers = await Promise.allSettled([shared(['first']), shared([failing]), shared(['fine'])]);
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

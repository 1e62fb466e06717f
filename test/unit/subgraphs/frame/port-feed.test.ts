import { expect, it } from 'vitest';
import type { Capabilities } from '../../../../domain/connector.ts';
import { createPortFeed } from '../../../../subgraphs/frame/port-feed.ts';

const capabilities = { maxBatch: { page: 10 }, delta: [] } as unknown as Capabilities;

it('refuses a record that cannot be stored by itself, under a key that can', async () => {
  const records = [{ sku: 'A' }, { sku: 'B\0' }, { sku: 'C', name: 'cut in half \ud83d' }, { sku: 'D', name: 'whole 😀, and \\ud83d spelt out' }];
  const feed = createPortFeed<{ sku: string; name?: string }>({
    name: 'items', flow: 'items', capabilities, intervalMs: 1_000, keyOf: ({ sku }) => sku, apply: async () => ({ changed: 0 }),
    list: async () => ({ records, rejected: [{ key: 'Z', reason: 'none' }], next: null, watermark: null, total: 5 }),
  });
  const page = await feed.list({ cursor: null, since: null, limit: 10 }, { signal: AbortSignal.timeout(1_000), deadlineAtMs: 0 });
  expect(page.records).toEqual([records[0], records[3]]);
  const reason = 'holds a character that cannot be stored';
  expect(page.rejected).toEqual([{ key: 'Z', reason: 'none' }, { key: 'B\ufffd', reason }, { key: 'C', reason }]);
});

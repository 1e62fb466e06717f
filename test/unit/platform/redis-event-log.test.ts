import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../../platform/log.ts';
import type { EventLog } from '../../../platform/stores/event-log.ts';
import { createRedisEventLog } from '../../../platform/stores/redis-event-log.ts';
import { hasRedisServer, startRedisServer, type RedisServer } from '../../support/redis-server.ts';

const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await condition())) await new Promise((done) => setTimeout(done, 10));
};

describe.skipIf(!hasRedisServer())('the event log on Redis', () => {
  let server: RedisServer;
  let redis: Redis;
  let eventLog: EventLog;
  beforeAll(async () => {
    server = await startRedisServer();
    redis = new Redis(server.url, { maxRetriesPerRequest: null });
    redis.on('error', () => undefined);
    eventLog = await createRedisEventLog({ url: server.url, log: silentLog, capacity: 1_000 });
  });
  afterAll(async () => {
    await eventLog.close();
    redis.disconnect();
    await server.kill();
  });
  const collect = async (topic: string): Promise<unknown[]> => {
    const seen: unknown[] = [];
    await eventLog.subscribe(topic, (event) => seen.push(event.payload));
    return seen;
  };

  it('tells every event once where the first topics are subscribed to at the same moment, over one connection', async () => {
    const topics = [randomUUID(), randomUUID(), randomUUID()];
    const seen = await Promise.all(topics.map(collect));
    for (let n = 0; n < 200; n += 1) await Promise.all(topics.map((topic) => eventLog.append(topic, [n])));
    await until(() => seen.every((events) => events.includes(199)));
    const all = Array.from({ length: 200 }, (_, n) => n);
    expect(seen).toEqual([all, all, all]);
    const clients = String(await redis.client('LIST'));
    expect(clients.split('\n').filter((line) => line.includes('name=event-log-reader'))).toHaveLength(1);
  });

  it('misses nothing of a topic subscribed to while the reader waits for others', async () => {
    await collect(randomUUID());
    for (let round = 0; round < 5; round += 1) {
      const topic = randomUUID();
      const seen = await collect(topic);
      await eventLog.append(topic, ['first']);
      await until(() => seen.length > 0);
      expect(seen).toEqual(['first']);
    }
  });

  it('goes on past an entry nobody can read and a listener that throws', async () => {
    const topic = randomUUID();
    await eventLog.subscribe(topic, () => {
      throw new Error('a listener of no manners');
    });
    const seen = await collect(topic);
    await redis.xadd(`events:${topic}`, '*', 'payload', 'no JSON');
    await eventLog.append(topic, ['after']);
    await until(() => seen.length > 0);
    expect(seen).toEqual(['after']);
    expect((await eventLog.readAfter(topic, '0-0', 10)).events.map((event) => event.payload)).toEqual(['after']);
  });

  it('tells that a part may be lost when Redis comes back, and what is appended after', async () => {
    const topic = randomUUID();
    const seen: unknown[] = [];
    await eventLog.subscribe(topic, (event) => seen.push(event.payload), () => seen.push('lost'));
    const [cursor] = await eventLog.append(topic, ['before']);
    await until(() => seen.length === 1);
    await server.kill();
    await server.start();
    await until(() => eventLog.append(topic, ['after']).then(() => true, () => false));
    await until(() => seen.includes('after'));
    expect(seen).toEqual(['before', 'lost', 'after']);
    expect(await eventLog.readAfter(topic, cursor!, 10)).toMatchObject({ lagged: true, events: [{ payload: 'after' }] });
  });
});

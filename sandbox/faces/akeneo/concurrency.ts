import type { FastifyReply } from 'fastify';
import { AkeneoError } from './answers.ts';

/** Counts the calls under way per connection: Akeneo serves four at a time and answers the fifth with 429. */
export function limitConcurrency(most: number): (connection: string, reply: FastifyReply) => void {
  const underWay = new Map<string, number>();
  return (connection, reply) => {
    const now = underWay.get(connection) ?? 0;
    if (now >= most) {
      throw new AkeneoError(429, 'You have exceeded the limit of concurrent API requests. Please try again later.', { 'retry-after': '1' });
    }
    underWay.set(connection, now + 1);
    // 'close' comes after an answer and after a broken connection alike.
    reply.raw.once('close', () => underWay.set(connection, (underWay.get(connection) ?? 1) - 1));
  };
}

import { expect, it, vi } from 'vitest';
import { ANONYMOUS } from '../../../../domain/principal.ts';
import { createOpenStreams, DEFAULT_STREAMS, type OpenStream } from '../../../../gateway/http/streams/open-streams.ts';
import type { AccessChanges, Identity } from '../../../../gateway/identity/door.ts';
import { manualClock } from '../../../../platform/clock.ts';

it('asks at once about whoever has something open by a key that was changed, and about nobody else', async () => {
  const listeners = new Set<(subject: string | null) => void>();
  const changes: AccessChanges = { onChanged: (listener) => (listeners.add(listener), () => void listeners.delete(listener)) };
  const tell = (subject: string | null): void => listeners.forEach((listener) => listener(subject));
  const streams = createOpenStreams(DEFAULT_STREAMS, manualClock(0), changes);
  const [ended, asked]: [string[], string[]] = [[], []];
  const revoked = new Set<string>();
  const open = (name: string, more: Partial<Identity> = {}): OpenStream => {
    const stream = streams.enter('127.0.0.1') as OpenStream;
    const identity: Identity = {
      principal: { ...ANONYMOUS, subject: name, kind: 'SERVICE' }, expiresAtMs: null,
      recheck: async () => {
        asked.push(name);
        if (revoked.has('away')) throw new Error('nobody can say');
        return !revoked.has(name);
      },
      ...more,
    };
    stream.identify({ identity, address: '127.0.0.1', requestId: name, transport: 'websocket' }, (reason) => ended.push(`${name} ${reason}`));
    return stream;
  };
  open('key:a');
  const other = open('key:b');
  // A person who came by key and token: named by the token, ended by the key.
  open('jwt:ann', { proofs: ['key:a', 'jwt:ann'] });
  streams.enter('127.0.0.1');
  tell('key:a');
  await vi.waitFor(() => expect(asked).toEqual(['key:a', 'jwt:ann']));
  expect(ended).toEqual([]);
  revoked.add('key:a').add('jwt:ann');
  tell('key:a');
  await vi.waitFor(() => expect(ended).toEqual(['key:a REVOKED', 'jwt:ann REVOKED']));
  tell('key:a');
  expect(asked).toHaveLength(4);
  revoked.add('away').add('key:b');
  tell(null);
  await vi.waitFor(() => expect(asked.at(-1)).toBe('key:b'));
  expect(other.mayHear()).toBe(true);
  revoked.delete('away');
  tell(null);
  await vi.waitFor(() => expect(other.mayHear()).toBe(false));
  streams.close();
  expect(listeners.size).toBe(0);
});

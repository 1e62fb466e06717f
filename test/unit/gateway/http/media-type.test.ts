import { describe, expect, it } from 'vitest';
import { prefersEventStream } from '../../../../gateway/http/hot/media-type.ts';

describe('a client that can read events', () => {
  it.each<[string, string | undefined, boolean]>([
    ['says nothing', undefined, false],
    ['takes anything', '*/*', false],
    ['wants JSON', 'application/json', false],
    ['wants events (EventSource, graphql-sse)', 'text/event-stream', true],
    ['subscribes with urql', 'text/event-stream, multipart/mixed', true],
    ['queries with urql', 'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed', false],
    ['would rather have events', 'application/json;q=0.5, text/event-stream', true],
    ['would rather have JSON', 'text/event-stream;q=0.5, application/json', false],
    ['wants no events', 'text/event-stream;q=0, application/json', false],
  ])('that %s', (_what, accept, events) => {
    expect(prefersEventStream(accept)).toBe(events);
  });
});

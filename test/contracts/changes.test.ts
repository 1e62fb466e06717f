import { describe, expect, it } from 'vitest';
import { FLOWS } from '../../domain/connector.ts';
import { openTargets } from './targets.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

for (const { name, connector } of await openTargets()) {
  const { changes, capabilities } = connector;
  if (changes === undefined) continue;
  describe(`changes of ${name}`, () => {
    it('that are no message are refused with a typed failure, never applied', () => {
      for (const body of ['', 'not json', '[]', '{"_model":"no.such.model"}']) {
        expect(() => changes.decodeWebhook({}, bytes(body)), body).toThrow(expect.objectContaining({ name: 'Failure' }));
      }
    });

    it('name flows the connector can read again', () => {
      expect(capabilities.delta.filter((flow) => !(FLOWS as readonly string[]).includes(flow))).toEqual([]);
    });
  });
}

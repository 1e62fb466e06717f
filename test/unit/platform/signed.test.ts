import fc from 'fast-check';
import { expect, it } from 'vitest';
import { manualClock } from '../../../platform/clock.ts';
import { createSigner } from '../../../platform/signed.ts';

const clock = manualClock(1_000_000);
const signer = createSigner({ secret: 's'.repeat(32), ttlMs: 60_000, clock });

it('gives back what was signed, until it expires', () => {
  const token = signer.sign({ who: 'Ada' });
  expect(signer.verify(token)).toEqual({ who: 'Ada' });
  clock.advance(60_001);
  expect(signer.verify(token)).toBeNull();
});

it('refuses whatever another secret signed, and anything bent', () => {
  const token = signer.sign({ who: 'Ada' });
  expect(createSigner({ secret: 't'.repeat(32), ttlMs: 60_000, clock }).verify(token)).toBeNull();
  fc.assert(
    fc.property(fc.nat(token.length - 1), fc.constantFrom(...'abcXYZ019_-.'), (at, letter) => {
      const bent = token.slice(0, at) + letter + token.slice(at + 1);
      // The last characters of base64url may carry no bits: then the text differs and the bytes do not.
      return bent === token || signer.verify(bent) === null || at >= token.length - 1;
    }),
  );
  for (const nonsense of ['', '.', 'a.b', `${token}.x`.slice(1), 'ÿ.ÿ']) expect(signer.verify(nonsense)).toBeNull();
});

it('does not sign with a secret that can be guessed', () => {
  expect(() => createSigner({ secret: 'short', ttlMs: 1, clock })).toThrow('32 characters');
});

it('gives equal payloads one statement for a second, and never one that is about to expire', () => {
  const first = signer.signShared({ who: 'Ada' });
  expect(signer.signShared({ who: 'Ada' })).toBe(first);
  expect(signer.signShared({ who: 'Grace' })).not.toBe(first);
  clock.advance(1_000);
  const second = signer.signShared({ who: 'Ada' });
  expect(second).not.toBe(first);
  clock.advance(59_500);
  expect([signer.verify(first), signer.verify(second)]).toEqual([null, { who: 'Ada' }]);
});

it('knows a statement again for a moment, but not beyond its time', () => {
  const short = createSigner({ secret: 's'.repeat(32), ttlMs: 500, clock });
  const token = short.sign({ who: 'Ada' });
  const payload = short.verify(token);
  expect(short.verify(token)).toBe(payload);
  clock.advance(501);
  expect(short.verify(token)).toBeNull();
});

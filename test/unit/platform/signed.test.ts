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

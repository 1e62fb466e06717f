import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint, storableJson } from '../../../../subgraphs/catalog/fingerprint.ts';
import { matchLocale, normaliseLocale, pickText } from '../../../../subgraphs/catalog/locale.ts';
import { handleCandidates, slugOf } from '../../../../subgraphs/catalog/slug.ts';
import { codeWordsOf, prefixQueryOf, sortKeyOf, wordsOf } from '../../../../subgraphs/catalog/words.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 40 });

describe('locales', () => {
  it.each([['en-us', 'en_US'], ['DE_de', 'de_DE'], ['zh-hant-tw', 'zh_Hant_TW'], ['fr', 'fr']])('%s is %s', (given, expected) => expect(normaliseLocale(given)).toBe(expected));

  it('prefers the locale, then its language, then the default, then anything, never empty text', () => {
    const text = { de_DE: 'Rad', en_US: 'Bike', fr_FR: '' };
    expect(pickText(text, 'en_US', 'de_DE')).toBe('Bike');
    expect(pickText(text, 'en_GB', 'de_DE')).toBe('Bike');
    expect(pickText(text, 'fr_FR', 'de_DE')).toBe('Rad');
    expect(pickText(text, null, 'de_DE')).toBe('Rad');
    expect(pickText({ '*': 'XL' }, 'en_US', '*')).toBe('XL');
    expect(pickText({ it_IT: 'Bici' }, 'en_US', 'de_DE')).toBe('Bici');
    expect(pickText({}, 'en_US', 'de_DE')).toBeNull();
    expect(matchLocale('pl_PL', ['en_US'])).toBeNull();
  });

  it('finds some text whenever there is any', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('en_US', 'en_GB', 'de_DE', '*'), fc.string()), fc.constantFrom('en_US', 'fr_FR', null), fc.constantFrom('de_DE', '*'), (text, wanted, source) => {
        const picked = pickText(text, wanted, source);
        const present = Object.values(text).filter((value) => value !== '');
        expect(picked === null ? present : present.includes(picked)).toEqual(picked === null ? [] : true);
      }),
    );
  });
});

describe('words', () => {
  it.each([['Mountain-200 Black, 38', ['mountain', '200', 'black', '38']], ['Vélo<br/>électrique', ['velo', 'electrique']], ['', []], ['--', []]])('%j has the words %j', (text, words) => expect(wordsOf(text)).toEqual(words));

  it('keeps the whole of a code beside its parts', () => expect(codeWordsOf('BK-M82S-38')).toEqual(['bk', 'm82s', '38', 'bkm82s38']));

  it('makes queries of quoted letters and digits only', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const query = prefixQueryOf(text);
        expect(query === null || /^'[\p{L}\p{M}\p{N}]+'( & '[\p{L}\p{M}\p{N}]+')*:\*$/u.test(query)).toBe(true);
      }),
    );
  });

  it('sorts without regard to case and accents', () => expect(['Zebra', 'élan', 'Apfel', 'Ähre'].sort((a, b) => (sortKeyOf(a) < sortKeyOf(b) ? -1 : 1))).toEqual(['Ähre', 'Apfel', 'élan', 'Zebra']));
});

describe('handles', () => {
  it.each([['Mountain-200 Black, 38', 'mountain-200-black-38'], ['Größe & Maß', 'grosse-and-mass'], ['  --  ', ''], ['山地车 Pro', '山地车-pro']])('%j becomes %j', (name, slug) => expect(slugOf(name)).toBe(slug));

  it('needs no escaping beyond its letters, is short, and is its own slug', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const slug = slugOf(text);
        expect(slug === '' || /^[\p{L}\p{M}\p{N}]+(-[\p{L}\p{M}\p{N}]+)*$/u.test(slug)).toBe(true);
        expect([...slug].length).toBeLessThanOrEqual(80);
        expect(slugOf(slug)).toBe(slug);
      }),
    );
  });

  it('never runs out and never repeats', () => {
    fc.assert(
      fc.property(anyText, anyText, (name, code) => {
        const candidates = handleCandidates(name, code);
        const first = Array.from({ length: 6 }, () => candidates.next().value as string);
        expect(new Set(first).size).toBe(6);
        expect(first.every((handle) => handle !== '')).toBe(true);
      }),
    );
  });
});

describe('fingerprints and JSON', () => {
  it('ignore when a record was touched, at any depth', () => {
    expect(fingerprint({ a: 1, updatedAt: 'x', in: [{ updatedAt: 1 }] })).toBe(fingerprint({ a: 1, updatedAt: 'y', in: [{}] }));
    expect(fingerprint({ a: 1 })).not.toBe(fingerprint({ a: 2 }));
  });

  it('leave storable text as it is and mend the rest', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(JSON.parse(storableJson(text))).toBe(text.replaceAll('\0', ''));
      }),
    );
    expect(JSON.parse(storableJson(['\ud800', 'a\0b', '\\u0000']))).toEqual(['\ufffd', 'ab', '\\u0000']);
  });
});

import { describe, expect, it } from 'vitest';
import { decimal } from '../../../../domain/decimal.ts';
import { money } from '../../../../domain/money.ts';
import { formatMoney, formatQuantity } from '../../../../gateway/storefront/shell/formats.ts';
import { languageTagOf, nameLanguage, wordsOf } from '../../../../gateway/storefront/words/words.ts';

describe('money as people read it', () => {
  it('keeps every digit of amounts no float can hold', () => {
    expect(formatMoney(money(decimal('12345678901234567.89'), 'USD'), 'en-US')).toBe('$12,345,678,901,234,567.89');
  });

  it('shows at least the digits of the currency, and more where the price has more', () => {
    expect(formatMoney(money(decimal('5'), 'USD'), 'en-US')).toBe('$5.00');
    expect(formatMoney(money(decimal('10.995'), 'USD'), 'en-US')).toBe('$10.995');
    expect(formatMoney(money(decimal('500'), 'JPY'), 'en-US')).toBe('¥500');
    expect(formatMoney(money(decimal('1234.5'), 'EUR'), 'de-DE')).toBe('1.234,50\u00a0€');
  });
});

describe('words and languages', () => {
  it('writes quantities as the language does', () => {
    expect(formatQuantity(decimal('1234.5'), 'fr-FR')).toBe('1\u202f234,5');
  });

  it('takes the locales of every source', () => {
    expect(['en_US', 'de_DE', 'th', 'zh_Hant', null].map(languageTagOf)).toEqual(['en-US', 'de-DE', 'th', 'zh-Hant', 'en-US']);
    expect(['de-DE', 'th', 'zh-Hant'].map(nameLanguage)).toEqual(['Deutsch', 'ไทย', '繁體中文']);
  });

  it('speaks English where it has not learnt the language', () => {
    expect(wordsOf('th').basket).toBe('Basket');
    expect(wordsOf('de-AT').basket).toBe('Warenkorb');
  });
});

import { createHmac, timingSafeEqual } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Decimal } from '../../../domain/decimal.ts';
import type { Sku } from '../../../domain/ids.ts';
import { extendPrice, money, type CurrencyCode } from '../../../domain/money.ts';
import type { PriceBuyer } from '../../../domain/pricing.ts';
import type { Instant } from '../../../domain/time.ts';

export interface SealedLine {
  readonly sku: Sku;
  readonly quantity: Decimal;
  readonly unit: string | null;
  /** Of one of the item's own unit, in the quote's currency. */
  readonly unitPrice: Decimal;
  /** What the line came to, less its discount. */
  readonly net: Decimal;
}

/** What a buyer was quoted, as it was: nothing in it is current. */
export interface SealedQuote {
  readonly id: string;
  /** Whose quote it is, see `whoIs`. */
  readonly who: string;
  readonly channel: string | null;
  readonly currencyCode: CurrencyCode;
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
  readonly lines: readonly SealedLine[];
}

/** Quotes as tokens that only holders of the key can make: "q1.<base64url of the deflated JSON>.<HMAC-SHA256>". Signed, not secret. */
export interface QuoteSeal {
  close(quote: SealedQuote): string;
  /** Null: not made with this key, or of another version. Says nothing of whether it still holds. */
  open(token: string): SealedQuote | null;
  /** A buyer's name in a quote: equal for equal buyers, and tells nobody their number. */
  whoIs(buyer: PriceBuyer | null): string;
}

const VERSION = 'q1';

/** Of what a token unpacks to: 500 lines of the longest SKUs are a tenth of it. Only what we signed is unpacked at all. */
const MAX_UNPACKED_BYTES = 1_000_000;

/** Columns, not rows: equal things side by side are packed best. */
interface Packed {
  readonly i: string;
  readonly w: string;
  readonly c: string | null;
  readonly y: CurrencyCode;
  readonly f: Instant;
  readonly x: Instant;
  readonly s: readonly Sku[];
  readonly q: readonly Decimal[];
  readonly u: readonly (string | null)[];
  readonly p: readonly Decimal[];
  /** Null: what the price of one comes to for so many, as most lines do. */
  readonly n: readonly (Decimal | null)[];
}

/** @param secret at least 32 characters, the same in every process that makes or reads quotes */
export function createQuoteSeal(secret: string): QuoteSeal {
  if (secret.length < 32) throw new Error('the secret quotes are signed with needs at least 32 characters');
  const mac = (text: string): Buffer => createHmac('sha256', secret).update(text).digest();
  return {
    close: (quote) => {
      const body = `${VERSION}.${deflateRawSync(JSON.stringify(pack(quote)), { level: 9 }).toString('base64url')}`;
      return `${body}.${mac(body).toString('base64url')}`;
    },
    open: (token) => {
      const end = token.lastIndexOf('.');
      const body = token.slice(0, Math.max(0, end));
      const [given, expected] = [Buffer.from(token.slice(end + 1), 'base64url'), mac(body)];
      if (given.length !== expected.length || !timingSafeEqual(given, expected) || !body.startsWith(`${VERSION}.`)) return null;
      const unpacked = inflateRawSync(Buffer.from(body.slice(VERSION.length + 1), 'base64url'), { maxOutputLength: MAX_UNPACKED_BYTES });
      return unpack(JSON.parse(unpacked.toString('utf8')) as Packed);
    },
    // The person before the company, as orders have it: who orders for the company alone is the company.
    whoIs: (buyer) => (buyer === null ? '' : mac(JSON.stringify(['buyer', buyer.customerNumber ?? buyer.companyNumber, buyer.locationNumber])).toString('base64url').slice(0, 22)),
  };
}

const pack = ({ id, who, channel, currencyCode, issuedAt, expiresAt, lines }: SealedQuote): Packed => ({
  i: id, w: who, c: channel, y: currencyCode, f: issuedAt, x: expiresAt,
  s: lines.map(({ sku }) => sku), q: lines.map(({ quantity }) => quantity), u: lines.map(({ unit }) => unit),
  p: lines.map(({ unitPrice }) => unitPrice), n: lines.map((line) => (line.net === usualNet(line, currencyCode) ? null : line.net)),
});

const usualNet = ({ unitPrice, quantity }: Pick<SealedLine, 'unitPrice' | 'quantity'>, currencyCode: CurrencyCode): Decimal =>
  extendPrice(money(unitPrice, currencyCode), quantity, 'HALF_UP').amount;

const unpack = ({ i, w, c, y, f, x, s, q, u, p, n }: Packed): SealedQuote => ({
  id: i, who: w, channel: c, currencyCode: y, issuedAt: f, expiresAt: x,
  lines: s.map((sku, index) => ({ sku, quantity: q[index]!, unit: u[index] ?? null, unitPrice: p[index]!, net: n[index] ?? usualNet({ unitPrice: p[index]!, quantity: q[index]! }, y) })),
});

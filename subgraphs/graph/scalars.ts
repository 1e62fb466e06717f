import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { decimal, type Decimal } from '../../domain/decimal.ts';
import { isCurrencyCode } from '../../domain/money.ts';
import { calendarDate, instant, type CalendarDate, type Instant } from '../../domain/time.ts';

type Parse<T> = (value: unknown) => T;

/** A scalar that travels as a string; input literals that are strings (or numbers, where `numbers`) are accepted. */
function stringScalar<T extends string>(name: string, description: string, parseText: (text: string) => T, numbers = false): GraphQLScalarType<T, string> {
  const parseValue: Parse<T> = (value) => {
    const isText = typeof value === 'string' || (numbers && typeof value === 'number' && Number.isFinite(value));
    try {
      if (isText) return parseText(String(value));
    } catch {
      // The message below names the scalar and the value, which the thrown one does not.
    }
    throw new GraphQLError(`${name} cannot represent ${JSON.stringify(value)}: ${description}`, { extensions: { code: 'INVALID_INPUT' } });
  };
  return new GraphQLScalarType<T, string>({
    name,
    description,
    serialize: (value) => value as string,
    parseValue,
    parseLiteral: (node: ValueNode) => {
      const accepted = node.kind === Kind.STRING || (numbers && (node.kind === Kind.INT || node.kind === Kind.FLOAT));
      return parseValue(accepted ? node.value : null);
    },
  });
}

const quantityText = (text: string): Decimal => {
  const value = decimal(text);
  if (value.replace('-', '').split('.')[0]!.length > 9) throw new RangeError('absurd');
  return value;
};

const currency = (text: string): string => {
  if (!isCurrencyCode(text)) throw new RangeError('unknown currency');
  return text;
};

export const GraphDecimal = stringScalar<Decimal>('Decimal', 'an exact decimal number as text, e.g. "12.50"', decimal, true);
export const GraphQuantity = stringScalar<Decimal>('Quantity', 'a quantity as exact decimal text below one billion, e.g. "3" or "0.250"', quantityText, true);
export const GraphDateTime = stringScalar<Instant>('DateTime', 'an instant in ISO 8601, UTC, e.g. "2026-01-31T09:30:00.000Z"', instant);
export const GraphDate = stringScalar<CalendarDate>('Date', 'a calendar day, e.g. "2026-01-31"', calendarDate);
export const GraphCurrencyCode = stringScalar<string>('CurrencyCode', 'an ISO 4217 currency code in upper case, e.g. "EUR"', currency);

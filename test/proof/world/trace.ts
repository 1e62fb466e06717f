import type { RunningStatement } from './statements.ts';

export const shorten = (text: string, length: number): string => {
  const plain = text.replaceAll(/\s+/g, ' ').trim();
  return plain.length > length ? `${plain.slice(0, length)}...` : plain;
};

/** One statement as a person reads it: who, what, with which values, and what came of it. */
export function describe({ statement }: RunningStatement, outcome: RunningStatement['outcome']): string {
  const values = statement.values.length === 0 ? '' : ` ${shorten(JSON.stringify(statement.values), 260)}`;
  return `${statement.who}: ${shorten(statement.text, 90)}${values}${answerOf(outcome)}`;
}

function answerOf(outcome: RunningStatement['outcome']): string {
  if (!outcome) return ' ... waits for a lock';
  if (!outcome.ok) return ` ! ${outcome.error.message}`;
  const { rows, rowCount } = outcome.result;
  return rows.length > 0 ? ` -> ${shorten(JSON.stringify(rows), 400)}` : ` -> ${rowCount ?? 0} rows`;
}

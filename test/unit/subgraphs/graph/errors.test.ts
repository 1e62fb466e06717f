import { buildSchema, execute, parse, type GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { invalidInput } from '../../../../domain/failure.ts';
import { silentLog } from '../../../../platform/log.ts';
import { presentError } from '../../../../subgraphs/graph/errors.ts';
import { createTestDatabase } from '../../../support/database.ts';

const schema = buildSchema('type Query { page(first: Int! = 24): Int }');

async function ask(page: () => number, first: number | null = 1) {
  const { errors } = await execute({ schema, document: parse('query ($first: Int) { page(first: $first) }'), variableValues: { first }, rootValue: { page } });
  return presentError(errors![0]! as GraphQLError, silentLog, () => 'the-id');
}

describe('what leaves a subgraph as an error', () => {
  it('is the caller\'s where a variable is null for an argument that must not be', async () => {
    expect((await ask(() => 1, null)).extensions).toEqual({ code: 'INVALID_INPUT', retryable: false, field: ['first'] });
  });

  it('keeps code, field and remedy of a failure', async () => {
    const fail = (): never => {
      throw invalidInput(['first'], 'first must be between 1 and 250');
    };
    expect(await ask(fail)).toMatchObject({ message: 'first must be between 1 and 250', extensions: { code: 'INVALID_INPUT', field: ['first'] } });
  });

  it.each([['text', 'NUL \0'], ['jsonb', JSON.stringify('NUL \0')]])('is the caller\'s where the store cannot hold a value as %s', async (type, value) => {
    const store = await createTestDatabase();
    const refusal = await store.database.query(`select $1::${type}`, [value]).catch((error: Error) => error);
    await store.drop();
    const fail = (): never => {
      throw refusal as Error;
    };
    expect((await ask(fail)).extensions).toMatchObject({ code: 'INVALID_INPUT', retryable: false });
  });

  it('masks a bug under an id', async () => {
    const fail = (): never => {
      throw new TypeError('secret words');
    };
    expect(await ask(fail)).toMatchObject({ message: 'Internal error the-id', extensions: { code: 'INTERNAL', errorId: 'the-id' } });
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditDdl, findBrokenAudit, readAudit, writeAudit, type AuditEntry } from '../../../platform/audit.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
  await test.database.run('create schema deeds');
  await test.database.run(auditDdl('deeds'));
});
afterAll(() => test.drop());

const entry = (subject: string, detail: Record<string, unknown> = {}): AuditEntry => ({
  at: '2026-11-21T10:00:00.123Z', actor: 'ops', action: 'order.retry', subject, detail,
});

describe('the audit', () => {
  it('is a chain that holds, also when many write at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => test.database.transaction((tx) => writeAudit(tx, 'deeds', entry(`SO-${n % 3}`, { n, why: 'ä "quoted"' })))));
    expect(await findBrokenAudit(test.database, 'deeds')).toBeNull();
    expect((await readAudit(test.database, 'deeds', 'SO-1')).map(({ action, at }) => [action, at])).toEqual(Array(7).fill(['order.retry', '2026-11-21T10:00:00.123Z']));
  });

  it('shows what was changed and what was removed', async () => {
    await test.database.run(`update deeds.audit set detail = '{"n":99}' where id = 5`);
    expect(await findBrokenAudit(test.database, 'deeds')).toBe('5');
    await test.database.run('delete from deeds.audit where id = 5');
    expect(await findBrokenAudit(test.database, 'deeds')).toBe('6');
  });
});

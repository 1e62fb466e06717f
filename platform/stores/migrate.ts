import type { Database } from './sql.ts';

export interface Migration {
  /** Never renamed once released. */
  readonly name: string;
  readonly sql: string;
}

/**
 * Brings one schema up to date: applies in order what is not recorded yet, one transaction each, one process at a time.
 * @throws when a recorded migration is missing from the list: that code is older than its database.
 */
export async function migrate(database: Database, schema: string, migrations: readonly Migration[]): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 1))', [`migrate ${schema}`]);
    await tx.run(`create schema if not exists ${schema}`);
    await tx.run(`create table if not exists ${schema}.migration (name text primary key, applied_at timestamptz not null default clock_timestamp())`);
    const applied = new Set((await tx.query<{ name: string }>(`select name from ${schema}.migration`)).map((row) => row.name));
    const known = new Set(migrations.map((migration) => migration.name));
    const strange = [...applied].filter((name) => !known.has(name));
    if (strange.length > 0) throw new Error(`schema ${schema} holds migrations this version does not know: ${strange.join(', ')}; run the newer version`);
    for (const migration of migrations) {
      if (applied.has(migration.name)) continue;
      await tx.run(migration.sql);
      await tx.run(`insert into ${schema}.migration (name) values ($1)`, [migration.name]);
    }
  });
}

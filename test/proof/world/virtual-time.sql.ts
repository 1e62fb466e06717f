/**
 * Time of the simulated database. Functions of the names production SQL calls stand in a schema that the search path
 * names before pg_catalog, so that the SQL under proof, column defaults included, runs unchanged on virtual time:
 * statement_timestamp() is stable and sees the time at which its statement began, clock_timestamp() is volatile and
 * sees the time of its own evaluation, also after a statement had to wait for a lock.
 */
const reader = (name: string, volatility: 'stable' | 'volatile'): string =>
  `create function sim.${name}() returns timestamptz language sql ${volatility} as 'select at from sim.clock'`;

export const VIRTUAL_TIME = `
  create schema sim;
  create table sim.clock (only_row boolean primary key default true check (only_row), at timestamptz not null) with (fillfactor = 10);
  insert into sim.clock (at) values ('2030-05-06T08:00:00Z');
  ${reader('statement_timestamp', 'stable')};
  ${reader('transaction_timestamp', 'stable')};
  ${reader('now', 'stable')};
  ${reader('clock_timestamp', 'volatile')}`;

/** What every simulated connection starts with. Durability is no subject here: nobody pulls the plug of the server. */
export const SESSION = `set search_path = sim, pg_catalog, public; set synchronous_commit = off; set jit = off; set plan_cache_mode = force_generic_plan; set deadlock_timeout = '20ms'; set time zone 'UTC'`;

/** A morning, so that no run crosses midnight unless it means to. */
export const START_MS = Date.parse('2030-05-06T08:00:00Z');

import { auditDdl } from '../../../platform/audit.ts';
import type { Migration } from '../../../platform/stores/migrate.ts';
import { CUSTOMER_SCHEMA } from '../schema.sql.ts';

/** A key is never deleted: its prefix must not come to mean somebody else, and its audit must name something. */
export const ACCESS_KEYS_MIGRATION: Migration = {
  name: '0003-access-keys',
  sql: `
    create table customer.api_key (
      id uuid primary key,
      prefix text collate "C" not null unique,
      label text not null,
      role text not null,
      scopes text[] not null,
      channel text collate "C",
      customer_number text collate "C",
      company_number text collate "C",
      documents text not null check (documents in ('ANY', 'TRUSTED')),
      expires_at timestamptz,
      created_at timestamptz not null,
      created_by text not null,
      revoked_at timestamptz,
      revoked_by text
    );
    create index api_key_by_creation on customer.api_key (created_at desc, id desc);
    create table customer.api_key_secret (
      id uuid primary key,
      key_id uuid not null references customer.api_key,
      sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
      created_at timestamptz not null,
      expires_at timestamptz,
      last_used_at timestamptz
    );
    create index api_key_secret_by_key on customer.api_key_secret (key_id);
    create table customer.access_request (
      actor text not null,
      idempotency_key text not null,
      payload_digest text not null,
      key_id uuid not null references customer.api_key,
      at timestamptz not null,
      primary key (actor, idempotency_key)
    );
    ${auditDdl(CUSTOMER_SCHEMA)}`,
};

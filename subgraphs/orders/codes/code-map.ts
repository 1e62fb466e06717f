import { isDeepStrictEqual } from 'node:util';
import { Failure } from '../../../domain/failure.ts';
import type { Instant } from '../../../domain/time.ts';

/** What ours and an ERP's words may differ in. */
export const CODE_KINDS = ['SKU', 'UNIT', 'TAX', 'PAYMENT', 'CARRIER', 'CHARGE'] as const;
export type CodeKind = (typeof CODE_KINDS)[number];

/** As `ours`: every code of its kind that has no row of its own. As `theirs`: the same code, unchanged. */
export const ANY_CODE = '*';

/** Where nothing is mapped the ERP is told our own code; of every other kind a missing row is a refusal. */
const IDENTITY: readonly CodeKind[] = ['SKU', 'UNIT', 'CARRIER'];

/** Kinds one code for all would make nonsense of. */
export const WITHOUT_DEFAULT: readonly CodeKind[] = ['SKU', 'UNIT'];

export interface CodeNeed {
  readonly kind: CodeKind;
  readonly ours: string;
}

export interface CodeDetail {
  /** CARRIER: page of a parcel, with {number} where its tracking number goes. */
  readonly trackingUrl?: string;
  /** CARRIER: other names under which the ERP's shipments call it. */
  readonly names?: readonly string[];
}

export interface CodeMapping extends CodeNeed {
  readonly system: string;
  readonly theirs: string;
  readonly detail: CodeDetail;
  readonly updatedBy: string;
  readonly updatedAt: Instant;
}

/** Whether both say the same, whoever said it. */
export const isSameMapping = (a: CodeMapping, b: CodeMapping): boolean => a.theirs === b.theirs && isDeepStrictEqual(a.detail, b.detail);

export interface CodeBook {
  readonly system: string;
  /** The ERP's code; null: nobody has said what it calls this. */
  their(kind: CodeKind, ours: string): string | null;
}

/** The rows of one system; those an order needs are enough. */
export function createCodeBook(system: string, rows: readonly Pick<CodeMapping, 'kind' | 'ours' | 'theirs'>[]): CodeBook {
  const byKey = new Map(rows.map(({ kind, ours, theirs }) => [`${kind} ${ours}`, theirs]));
  return {
    system,
    their: (kind, ours) => {
      const theirs = byKey.get(`${kind} ${ours}`) ?? byKey.get(`${kind} ${ANY_CODE}`) ?? (IDENTITY.includes(kind) ? ANY_CODE : null);
      return theirs === ANY_CODE ? ours : theirs;
    },
  };
}

const UNMAPPED = 'UNMAPPED_CODE';

const sentenceOf = (system: string, { kind, ours }: CodeNeed): string =>
  `no ${kind} code of ${system} for ${JSON.stringify(ours)}: set one with setCodeMapping(kind: ${kind}, ours: ${JSON.stringify(ours)}, theirs: ...), then retryOrder`;

/** A definite failure that names every missing row and its remedy. */
export const unmapped = (system: string, missing: readonly CodeNeed[]): Failure =>
  new Failure('UPSTREAM_REJECTED', missing.map((need) => sentenceOf(system, need)).join('; '), { system, vendorCode: UNMAPPED, cause: missing });

/** What an `unmapped` failure misses; null for every other failure. */
export const missingCodesOf = (failure: Failure): readonly CodeNeed[] | null => (failure.vendorCode === UNMAPPED ? (failure.cause as readonly CodeNeed[]) : null);

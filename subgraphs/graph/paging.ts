import { Directive, Field, ObjectType } from 'type-graphql';
import { invalidInput } from '../../domain/failure.ts';
import { KeptAsPart } from './cache-tags.ts';

@KeptAsPart()
@Directive('@shareable')
@ObjectType('PageInfo', { description: 'Relay page information. Forward paging only.' })
export class GraphPageInfo {
  @Field(() => Boolean)
  hasNextPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Pass as `after` for the next page; null when the page is empty.' })
  endCursor!: string | null;
}

const MAX_PAGE_SIZE = 250;

/** @throws Failure INVALID_INPUT naming `first` when it is outside 1..250. */
export function checkPageSize(first: number): number {
  if (!Number.isInteger(first) || first < 1 || first > MAX_PAGE_SIZE) throw invalidInput(['first'], `first must be between 1 and ${MAX_PAGE_SIZE}`);
  return first;
}

/** Cursors carry the sort key of their row, so that paging is stable while rows come and go. */
export const encodeCursor = (key: readonly (string | number | null)[]): string => Buffer.from(JSON.stringify(key)).toString('base64url');

/** @throws Failure INVALID_INPUT naming `after` when the cursor is not one of ours with this many parts. */
export function decodeCursor(cursor: string, parts: number): (string | number | null)[] {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const isPart = (part: unknown): boolean => part === null || typeof part === 'string' || typeof part === 'number';
    if (Array.isArray(key) && key.length === parts && key.every(isPart)) return key;
  } catch {
    // Falls through to the refusal that names the field.
  }
  throw invalidInput(['after'], 'after is not a cursor of this list; pass pageInfo.endCursor of the previous page unchanged');
}

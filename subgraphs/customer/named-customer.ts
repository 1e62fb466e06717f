import { invalidInput } from '../../domain/failure.ts';
import { keyFromGlobalId } from '../../domain/ids.ts';

type Reference = { readonly [field: string]: string | null | undefined };

/** The one field that is given. @throws Failure INVALID_INPUT naming the fields when none or several are */
export function onlyField<R extends object>(by: R): readonly [keyof R & string, string] {
  const given = Object.entries(by as Reference).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const [only] = given;
  if (only === undefined || given.length > 1) throw invalidInput(['by', ...given.slice(1, 2).map(([name]) => name)], 'give exactly one field of the reference');
  return only as [keyof R & string, string];
}

/** The customer number inside a global id, or null where the id is of something else. */
export const numberOf = (typeName: 'Customer' | 'Company', id: string): string | null => keyFromGlobalId(typeName, id);

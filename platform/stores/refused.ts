/** SQLSTATE classes that speak of the connection or the server, not of the statement: lost, out of resources, shut down, broken. */
const SERVER_TROUBLE = new Set(['08', '53', '57', '58', 'F0', 'XX']);

/**
 * True where the database is there and has said no to the transaction (or our own code has): the same work without what it
 * refused may succeed. False where it could not be reached, or was lost midway.
 */
export function isRefusedByDatabase(error: unknown): boolean {
  const { code, syscall } = error as { readonly code?: unknown; readonly syscall?: unknown };
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return !SERVER_TROUBLE.has(code.slice(0, 2));
  return syscall === undefined && !/connection|timeout/i.test((error as Error).message);
}

/**
 * Whether a browser page of this origin may connect. Without a list only pages of this very host; callers that are no
 * browsers send no Origin.
 */
export function isAllowedOrigin(origin: string | undefined, host: string | undefined, allowed: readonly string[]): boolean {
  if (origin === undefined) return true;
  if (allowed.includes(origin)) return true;
  try {
    return new URL(origin).host === host;
  } catch {
    return false;
  }
}

export type HostRule = (host: string | undefined) => boolean;

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/**
 * Where everybody on this machine is let in, a page that points its own name at 127.0.0.1 (DNS rebinding) would be
 * of the "same origin": only loopback names are answered. With credentials asked for, any name is.
 */
export const createHostRule = ({ development }: { readonly development: boolean }): HostRule => (host) => !development || (host !== undefined && LOOPBACK.test(host));

const MASK = '[scrubbed]';

/** `authorization: bearer <key>` and its like, in any spelling. */
const BEARER = /(bearer\s+)[^\s"',}]+/gi;
/** JSON-RPC keeps the secret at a place, not under a name: args = [database, uid, KEY, model, …]. */
const EXECUTE = /("method"\s*:\s*"execute_kw"\s*,\s*"args"\s*:\s*\[\s*"(?:[^"\\]|\\.)*"\s*,\s*\d+\s*,\s*)"(?:[^"\\]|\\.)*"/g;
/** args = [database, login, PASSWORD, …] */
const LOGIN = /("method"\s*:\s*"(?:authenticate|login)"\s*,\s*"args"\s*:\s*\[\s*"(?:[^"\\]|\\.)*"\s*,\s*"(?:[^"\\]|\\.)*"\s*,\s*)"(?:[^"\\]|\\.)*"/g;
const NAMED = /("(?:password|api_?key|token|secret)"\s*:\s*)"(?:[^"\\]|\\.)*"/gi;
const TOKEN_QUERY = /([?&]token=)[^&\s"]+/gi;

/** A transcript without the keys, whatever protocol it was spoken in. Known secrets go wherever else they turn up. */
export function scrub(transcript: string, secrets: readonly string[] = []): string {
  const masked = transcript
    .replace(BEARER, `$1${MASK}`)
    .replace(EXECUTE, `$1"${MASK}"`)
    .replace(LOGIN, `$1"${MASK}"`)
    .replace(NAMED, `$1"${MASK}"`)
    .replace(TOKEN_QUERY, `$1${MASK}`);
  return secrets.filter((secret) => secret.length >= 4).reduce((text, secret) => text.replaceAll(secret, MASK), masked);
}

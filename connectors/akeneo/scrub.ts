const MASK = '[scrubbed]';
const AUTHORIZATION = /((?:bearer|basic)\s+)[^\s"',}]+/gi;
const NAMED = /("(?:password|secret|client_secret|access_token|refresh_token|token)"\s*:\s*)"(?:[^"\\]|\\.)*"/gi;
const FORM = /\b((?:password|client_secret|refresh_token|access_token)=)[^&\s"]+/gi;

/** A transcript without tokens and passwords. Known secrets go wherever else they turn up. */
export function scrub(transcript: string, secrets: readonly string[] = []): string {
  const masked = transcript.replace(AUTHORIZATION, `$1${MASK}`).replace(NAMED, `$1"${MASK}"`).replace(FORM, `$1${MASK}`);
  return secrets.filter((secret) => secret.length >= 4).reduce((text, secret) => text.replaceAll(secret, MASK), masked);
}

const TIMEOUT_MS = 3_000;
const MAX_BYTES = 256 * 1024;

/** A JSON object the issuer publishes. @throws Error when it does not within 3 s, with more than 256 KiB, or from elsewhere */
export async function readIssuerDocument(url: string): Promise<object> {
  const response = await fetch(url, { headers: { accept: 'application/json' }, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok || response.body === null) throw new Error(`answered HTTP ${response.status}`);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) throw new Error(`answered more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  const document: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  if (typeof document !== 'object' || document === null) throw new Error('answered no JSON object');
  return document;
}

/**
 * Where an OpenID provider publishes its keys, by its discovery document; found once.
 * @throws Error when the document speaks for another issuer
 */
export function discoverKeys(issuer: string): () => Promise<string> {
  let found: string | null = null;
  return async () => {
    if (found !== null) return found;
    const document = (await readIssuerDocument(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)) as { issuer?: unknown; jwks_uri?: unknown };
    if (document.issuer !== issuer) throw new Error('the discovery document names another issuer');
    if (typeof document.jwks_uri !== 'string' || !URL.canParse(document.jwks_uri)) throw new Error('the discovery document names no jwks_uri');
    return (found = document.jwks_uri);
  };
}

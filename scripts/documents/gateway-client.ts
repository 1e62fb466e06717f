import { ManifestRefusal, type Manifest } from '../../gateway/trusted-documents/manifest.ts';

/** A running gateway, and a key with the scope operations; null where the gateway lets everybody in (development). */
interface Target {
  readonly url: string;
  readonly apiKey: string | null;
}

interface Listed {
  readonly version: number;
  readonly at: string;
  readonly by: string;
  readonly reason: string;
  readonly client: string | null;
  readonly equals: number | null;
}

const PATH = '/operations/trusted-documents';

export async function registerManifest({ client, manifest, replace, ...target }: Target & { readonly client: string; readonly manifest: Manifest; readonly replace: boolean }): Promise<string> {
  const { version, changed } = await ask<{ version: number; changed: boolean }>(target, PATH, { client, manifest, replace });
  return changed ? `registered as version ${version}` : `nothing is new: version ${version} stays active`;
}

export async function rollBack({ to, ...target }: Target & { readonly to: number }): Promise<string> {
  const { version, equals } = await ask<{ version: number; equals: number }>(target, `${PATH}/rollback`, { to });
  return `version ${version} is active and trusts what version ${equals} trusted`;
}

export async function listVersions(target: Target): Promise<string> {
  const { serving, documents, problem, versions } = await ask<{ serving: number; documents: number; problem: string | null; versions: readonly Listed[] }>(target, PATH);
  const lines = versions.map(({ version, at, by, reason, client, equals }) => `${version === serving ? '*' : ' '} ${version}  ${at}  ${reason === 'ROLLED_BACK' ? `rolled back to ${equals}` : `registered for ${client}`} by ${by}`);
  return [`this node trusts ${documents} documents${problem === null ? '' : `, and is behind: ${problem}`}`, ...lines].join('\n');
}

/** @throws ManifestRefusal with the gateway's reasons */
async function ask<Answer>({ url, apiKey }: Target, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(new URL(path, url), {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...(apiKey !== null && { 'x-api-key': apiKey }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const answer = (await response.json().catch(() => ({}))) as Answer & { readonly message?: string; readonly problems?: readonly string[] };
  if (response.ok) return answer;
  throw new ManifestRefusal(answer.problems ?? [`${url} answered HTTP ${response.status}: ${answer.message ?? 'nothing'}`]);
}

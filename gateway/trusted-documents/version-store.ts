import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../platform/clock.ts';
import { readManifest, type Manifest } from './manifest.ts';
import type { TrustedDocument } from './trusted-documents.ts';

const versionSchema = z.strictObject({
  number: z.int().positive(),
  at: z.iso.datetime(),
  /** Whose credentials made it. */
  by: z.string(),
  reason: z.enum(['REGISTERED', 'ROLLED_BACK']),
  /** The storefront that registered; of a rollback none. */
  client: z.string().nullable(),
  /** The version this one is equal to, of a rollback. */
  equals: z.int().nonnegative().nullable(),
  /** SHA-256 of the manifests that are trusted, newest first, by the storefront that registered them. */
  manifests: z.record(z.string(), z.array(z.string().regex(/^[0-9a-f]{64}$/)).min(1)),
});

/** One state of what is trusted. It never changes; the one with the highest number is active. */
export type Version = z.infer<typeof versionSchema>;

export interface Registration {
  /** The storefront whose documents these are: a name of its own for each code base. */
  readonly client: string;
  readonly manifest: Manifest;
  readonly by: string;
  /** Ends the trust in what this storefront registered before: its older builds stop working. */
  readonly replace: boolean;
}

/** Registered documents, durable, in a folder that every node of the gateway reads. */
export interface VersionStore {
  /** The active version; null = nothing was ever registered. @param known asks only for what came after it */
  active(known: Version | null): Promise<Version | null>;
  /** Newest first. */
  list(): Promise<readonly Version[]>;
  /** @throws Error for a manifest that is not what its name says */
  documentsOf(version: Version): Promise<readonly TrustedDocument[]>;
  /** Makes a new version active; answers the active one where it would be the same. */
  register(registration: Registration): Promise<{ readonly version: Version; readonly changed: boolean }>;
  /** Makes what an earlier version trusted active again, as a new version. Null: there is no such version. */
  rollBack(options: { readonly to: number; readonly by: string }): Promise<Version | null>;
}

export interface VersionStoreOptions {
  readonly directory: string;
  /** Manifests of one storefront that stay trusted, so that builds out there keep working. */
  readonly kept: number;
  readonly clock: Clock;
}

/** Before anything was registered. */
const NOTHING: Pick<Version, 'manifests'> = { manifests: {} };

export function createVersionStore({ directory, kept, clock }: VersionStoreOptions): VersionStore {
  const versions = createVersionFiles(join(directory, 'versions'), clock);
  const manifestFile = (hash: string): string => join(directory, 'manifests', `${hash}.json`);
  return {
    active: versions.active,
    list: versions.list,
    documentsOf: async ({ manifests }) => {
      const hashes = [...new Set(Object.values(manifests).flat())];
      return (await Promise.all(hashes.map((hash) => readTrusted(manifestFile(hash), hash)))).flat();
    },
    register: async ({ client, manifest, by, replace }) => {
      const text = JSON.stringify(manifest);
      const hash = hashOf(text);
      await writeNew(manifestFile(hash), text);
      return versions.append(async (before) => {
        const earlier = before?.manifests[client] ?? [];
        const now = replace ? [hash] : [hash, ...earlier.filter((other) => other !== hash)].slice(0, kept);
        if (before && now.join() === earlier.join()) return before;
        return { by, reason: 'REGISTERED', client, equals: null, manifests: { ...before?.manifests, [client]: now } };
      });
    },
    rollBack: async ({ to, by }) => {
      const target = to === 0 ? NOTHING : await versions.read(to);
      if (!target) return null;
      return (await versions.append(async () => ({ by, reason: 'ROLLED_BACK', client: null, equals: to, manifests: target.manifests }))).version;
    },
  };
}

type Draft = Omit<Version, 'number' | 'at'>;

/** Files with ascending numbers. The last is active. */
function createVersionFiles(folder: string, clock: Clock) {
  const fileOf = (number: number): string => join(folder, `${String(number).padStart(8, '0')}.json`);
  const numbers = async (): Promise<number[]> => {
    const names = await readdir(folder).catch(ifAbsent([]));
    return names.flatMap((name) => /^(\d{8,})\.json$/.exec(name)?.[1] ?? []).map(Number).sort((one, other) => one - other);
  };
  const read = async (number: number): Promise<Version | null> => {
    const text = await readFile(fileOf(number), 'utf8').catch(ifAbsent(null));
    return text === null ? null : versionSchema.parse(JSON.parse(text));
  };
  const active = async (known: Version | null): Promise<Version | null> => {
    // The usual case costs one look for a file that is not there.
    if (known && (await read(known.number + 1)) === null) return known;
    const last = (await numbers()).at(-1);
    return last === undefined ? null : read(last);
  };
  const list = async (): Promise<Version[]> => (await Promise.all((await numbers()).reverse().map(read))).filter((version) => version !== null);
  /** Whoever makes the file with the next number decides; whoever comes second decides again, on what is then active. */
  const append = async (decide: (before: Version | null) => Promise<Draft | Version>): Promise<{ readonly version: Version; readonly changed: boolean }> => {
    for (;;) {
      const before = await active(null);
      const decided = await decide(before);
      if ('number' in decided) return { version: decided, changed: false };
      const version = { number: (before?.number ?? 0) + 1, at: clock.date().toISOString(), ...decided };
      if (await writeNew(fileOf(version.number), `${JSON.stringify(version, null, 2)}\n`)) return { version, changed: true };
    }
  };
  return { active, read, list, append };
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const ifAbsent = <Value>(otherwise: Value) => (error: NodeJS.ErrnoException): Value => {
  if (error.code === 'ENOENT') return otherwise;
  throw error;
};

async function readTrusted(path: string, hash: string): Promise<readonly TrustedDocument[]> {
  const text = await readFile(path, 'utf8');
  if (hashOf(text) !== hash) throw new Error(`${path} is not what its name says: somebody changed it`);
  return readManifest(JSON.parse(text)).operations;
}

/** Whole or not at all, also for readers on other machines and after a power cut; false = it was there already. */
async function writeNew(path: string, text: string): Promise<boolean> {
  const folder = join(path, '..');
  await mkdir(folder, { recursive: true });
  const draft = join(folder, `.${randomUUID()}`);
  const file = await open(draft, 'wx');
  try {
    await file.writeFile(text);
    await file.sync();
    await file.close();
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await file.close().catch(() => undefined);
    await rm(draft, { force: true });
  }
}

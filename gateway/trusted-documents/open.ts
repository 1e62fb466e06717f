import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../platform/clock.ts';
import { readJsonFile, type Config } from '../../platform/config.ts';
import type { Log } from '../../platform/log.ts';
import { openLiveDocuments, type LiveDocuments } from './live-documents.ts';
import { readManifest } from './manifest.ts';
import type { TrustedDocument } from './trusted-documents.ts';
import { createVersionStore, type VersionStore } from './version-store.ts';

export interface TrustedDocumentsOptions {
  readonly config: Pick<Config, 'TRUSTED_DOCUMENTS' | 'TRUSTED_DOCUMENTS_DIR' | 'TRUSTED_DOCUMENTS_KEPT' | 'DATA_DIR'>;
  /** Called with what is new before it is trusted. */
  readonly warmUp: (documents: readonly TrustedDocument[]) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

export interface OpenTrustedDocuments {
  readonly live: LiveDocuments;
  readonly store: VersionStore;
}

/** Trusted documents as configured. @throws Error naming the file where the built-in manifest is unusable */
export async function openTrustedDocuments({ config, warmUp, clock, log }: TrustedDocumentsOptions): Promise<OpenTrustedDocuments> {
  const directory = config.TRUSTED_DOCUMENTS_DIR ?? join(config.DATA_DIR, 'trusted-documents');
  const store = createVersionStore({ directory, kept: config.TRUSTED_DOCUMENTS_KEPT, clock });
  const builtIn = readBuiltIn(config.TRUSTED_DOCUMENTS);
  return { live: await openLiveDocuments({ builtIn, store, warmUp, log }), store };
}

/** None where the file is not there: a gateway over somebody else's graph has no storefront of ours. */
function readBuiltIn(path: string): readonly TrustedDocument[] {
  if (!existsSync(path)) return [];
  const given = readJsonFile(path);
  try {
    return readManifest(given).operations;
  } catch (cause) {
    throw new Error(`TRUSTED_DOCUMENTS: ${path}: ${(cause as Error).message}`, { cause });
  }
}

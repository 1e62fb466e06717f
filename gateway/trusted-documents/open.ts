import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../platform/clock.ts';
import { readJsonFile, type Config } from '../../platform/config.ts';
import type { Log } from '../../platform/log.ts';
import type { GraphSource } from '../graph/graph-source.ts';
import { checkDocuments } from './check-documents.ts';
import { openLiveDocuments, type LiveDocuments } from './live-documents.ts';
import { readManifest } from './manifest.ts';
import type { TrustedDocument } from './trusted-documents.ts';
import { createVersionStore, type VersionStore } from './version-store.ts';

export interface TrustedDocumentsOptions {
  readonly config: Pick<Config, 'TRUSTED_DOCUMENTS' | 'TRUSTED_DOCUMENTS_DIR' | 'TRUSTED_DOCUMENTS_KEPT' | 'DATA_DIR'>;
  readonly graphs: GraphSource;
  readonly clock: Clock;
  readonly log: Log;
}

export interface OpenTrustedDocuments {
  readonly live: LiveDocuments;
  readonly store: VersionStore;
}

/** Trusted documents as configured, their plans made. @throws Error naming the file where the built-in manifest is unusable */
export async function openTrustedDocuments({ config, graphs, clock, log }: TrustedDocumentsOptions): Promise<OpenTrustedDocuments> {
  const directory = config.TRUSTED_DOCUMENTS_DIR ?? join(config.DATA_DIR, 'trusted-documents');
  const store = createVersionStore({ directory, kept: config.TRUSTED_DOCUMENTS_KEPT, clock });
  const warmUp = async (documents: readonly TrustedDocument[]): Promise<readonly TrustedDocument[]> => {
    const answerable = await planEach(graphs, documents);
    if (answerable.length < documents.length) log.warn({ documents: documents.length, unanswerable: documents.length - answerable.length }, 'trusted documents that this graph cannot answer');
    return answerable;
  };
  // Whoever serves another graph has the storefronts of that one: ours would hold up every rollout.
  const builtIn = await warmUp(readBuiltIn(config.TRUSTED_DOCUMENTS));
  return { live: await openLiveDocuments({ builtIn, store, warmUp, log }), store };
}

/** Makes the plans, so that no caller waits for them; answers with the documents that can be answered. */
async function planEach(graphs: GraphSource, documents: readonly TrustedDocument[]): Promise<readonly TrustedDocument[]> {
  const answerable: TrustedDocument[] = [];
  for (const document of documents) {
    if (checkDocuments(graphs.current, [document])[0]!.problem === null) answerable.push(document);
    // Planning takes milliseconds: requests go in between.
    await new Promise((done) => setImmediate(done));
  }
  return answerable;
}

/** None where the file is not there. */
function readBuiltIn(path: string): readonly TrustedDocument[] {
  if (!existsSync(path)) return [];
  const given = readJsonFile(path);
  try {
    return readManifest(given).operations;
  } catch (cause) {
    throw new Error(`TRUSTED_DOCUMENTS: ${path}: ${(cause as Error).message}`, { cause });
  }
}

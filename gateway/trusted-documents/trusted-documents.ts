import { createHash } from 'node:crypto';

/** One operation that somebody who may has registered, and its fragments. */
export interface TrustedDocument {
  /** SHA-256 of `body`, lower-case hex. */
  readonly id: string;
  readonly name: string;
  readonly body: string;
}

/** The documents that are trusted now. What it answers changes when another version becomes active. */
export interface TrustedDocuments {
  /** Names what is active; changes with every change of what is trusted. */
  readonly version: string;
  /** The text of a trusted document; null = none has this id. */
  find(id: string): string | null;
  /** The id of a text that is trusted to the letter; null = it is not. */
  idOf(text: string): string | null;
  /** Everything trusted, for the warming of plans. */
  operations(): readonly TrustedDocument[];
}

export const documentId = (body: string): string => createHash('sha256').update(body).digest('hex');

/** Documents that never change. Those given first win where a document is given twice. */
export function createTrustedDocuments(version: string, documents: Iterable<TrustedDocument>): TrustedDocuments {
  const byId = new Map<string, TrustedDocument>();
  const byBody = new Map<string, string>();
  for (const document of documents) {
    if (byId.has(document.id)) continue;
    byId.set(document.id, document);
    byBody.set(document.body, document.id);
  }
  const operations = [...byId.values()];
  return {
    version,
    find: (id) => byId.get(id)?.body ?? null,
    idOf: (text) => byBody.get(text) ?? null,
    operations: () => operations,
  };
}

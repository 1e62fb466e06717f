import type { Graph } from '../graph/graph.ts';
import { checkDocuments } from '../trusted-documents/check-documents.ts';
import type { TrustedDocument } from '../trusted-documents/trusted-documents.ts';

const MAX_REASONS = 10;

/**
 * Reads, weighs and plans documents before any caller can wait for it. Answers why some could not be answered; empty: all
 * can. Planning takes milliseconds: requests go in between.
 */
export async function warmUp(graph: Graph, documents: readonly TrustedDocument[]): Promise<readonly string[]> {
  const reasons: string[] = [];
  for (const document of documents) {
    const [checked] = checkDocuments(graph, [document]);
    if (checked!.problem !== null) reasons.push(`the trusted document ${checked!.name} could not be answered any more: ${checked!.problem}`);
    if (reasons.length >= MAX_REASONS) break;
    await new Promise((done) => setImmediate(done));
  }
  return reasons;
}

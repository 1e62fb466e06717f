const addressAt = (houseUrl: string): string => `${houseUrl}/operations/resync?removals=confirmed`;

/** What a person can do where the house was not told. */
const remedyAt = (houseUrl: string): string =>
  `a house that has run before keeps showing what is gone until: curl -X POST '${addressAt(houseUrl)}' (scope operations)`;

/**
 * What the vendors hold was replaced, which no delta tells: asks the house at this address to read all of it again.
 * Answers one sentence for whoever did the replacing.
 */
export async function askForResync(houseUrl: string): Promise<string> {
  try {
    const answer = await fetch(addressAt(houseUrl), { method: 'POST', signal: AbortSignal.timeout(5_000) });
    await answer.arrayBuffer();
    if (answer.ok) return 'the house reads all of it now: GET /operations/report tells how far it is';
    return `the house answered ${answer.status}; ${remedyAt(houseUrl)}`;
  } catch {
    return `no house answers at ${houseUrl}; ${remedyAt(houseUrl)}`;
  }
}

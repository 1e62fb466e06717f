/**
 * What the vendors hold was replaced, which no delta tells: asks the house at this address to read all of it again.
 * Answers one sentence for whoever did the replacing.
 */
export async function askForResync(houseUrl: string): Promise<string> {
  const address = `${houseUrl}/operations/resync?removals=confirmed`;
  try {
    const answer = await fetch(address, { method: 'POST', signal: AbortSignal.timeout(5_000) });
    await answer.arrayBuffer();
    if (answer.ok) return 'the house reads all of it now: GET /operations/report tells how far it is';
    return `the house answered ${answer.status} to POST ${address}: send it with the scope operations, or what is gone stays`;
  } catch {
    return `no house answers at ${houseUrl}; one that has run before: curl -X POST '${address}' once it runs, or what is gone stays`;
  }
}

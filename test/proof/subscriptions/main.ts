import { parseArgs } from 'node:util';
import { chooseMutations } from '../mutations/mutation.ts';
import { FULL, huntSubscriptionBug, TASTE } from './hunt.ts';
import { SUBSCRIPTION_MUTATIONS } from './mutations.ts';
import { runSubscriptionProof, type ProofOptions } from './run.ts';
import { tellProof } from './tell.ts';

/* npm run proof:subscriptions -- [storm | taste | mutations | all] [--events n] [--mutation name]: needs redis-server. */

const { values, positionals } = parseArgs({ allowPositionals: true, options: { events: { type: 'string' }, mutation: { type: 'string' } } });
const part = positionals[0] ?? 'all';

async function storm(scenes: readonly ProofOptions[]): Promise<boolean> {
  let holds = true;
  for (const scene of scenes) {
    const report = await runSubscriptionProof({
      ...scene, ...(values.events && { events: Number(values.events) }),
      onProgress: (published, blows) => console.log(`${published} events published, ${blows} of ${scene.nodeKills + scene.redisKills} blows`),
    });
    console.log(tellProof(report));
    holds &&= report.holds;
  }
  return holds;
}

async function hunt(): Promise<boolean> {
  let caught = 0;
  const chosenNames = chooseMutations(SUBSCRIPTION_MUTATIONS, values.mutation).map(({ name }) => name);
  const mutations = SUBSCRIPTION_MUTATIONS.filter(({ name }) => chosenNames.includes(name));
  for (const mutation of mutations) {
    const hunted = await huntSubscriptionBug(mutation);
    console.log(hunted.caught ? `${mutation.name}: caught in storm ${hunted.storms}: ${hunted.caught}` : `${mutation.name}: NOT CAUGHT in ${hunted.storms} storms`);
    if (hunted.caught) caught += 1;
  }
  console.log(`mutations: ${caught} of ${mutations.length} caught`);
  return caught === mutations.length;
}

const PARTS: Readonly<Record<string, () => Promise<boolean>>> = { storm: () => storm(FULL), taste: () => storm([TASTE]), mutations: hunt };
const chosen = part === 'all' ? [PARTS['storm']!, PARTS['mutations']!] : [PARTS[part]];
let holds = true;
for (const run of chosen) {
  if (!run) throw new Error(`no part is called ${part}; there are storm, taste, mutations and all`);
  holds = (await run()) && holds;
}
console.log(holds ? 'the proof holds' : 'THE PROOF DOES NOT HOLD');
process.exitCode = holds ? 0 : 1;

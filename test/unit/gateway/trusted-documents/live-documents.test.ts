import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLiveDocuments, type LiveDocuments } from '../../../../gateway/trusted-documents/live-documents.ts';
import { createManifest } from '../../../../gateway/trusted-documents/manifest.ts';
import { documentId, type TrustedDocument } from '../../../../gateway/trusted-documents/trusted-documents.ts';
import { createVersionStore, type VersionStore } from '../../../../gateway/trusted-documents/version-store.ts';
import { manualClock } from '../../../../platform/clock.ts';
import { collectingLog } from '../../../support/small-gateway.ts';

const document = (name: string) => {
  const body = `query ${name} { ${name.toLowerCase()} }`;
  return { id: documentId(body), name, body, type: 'query' as const };
};
const [BUILT_IN, ONE, TWO, THREE] = [document('BuiltIn'), document('One'), document('Two'), document('Three')] as const;

let directory: string;
let open: LiveDocuments[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'trusted-'));
  open = [];
});
afterEach(() => {
  for (const live of open) live.close();
  rmSync(directory, { recursive: true, force: true });
});

const createStore = (kept = 2): VersionStore => createVersionStore({ directory, kept, clock: manualClock(0) });
const register = (store: VersionStore, client: string, documents: readonly ReturnType<typeof document>[], replace = false) =>
  store.register({ client, manifest: createManifest(documents), by: 'somebody', replace });

async function openNode(store: VersionStore, warmUp: (documents: readonly TrustedDocument[]) => Promise<void> = async () => undefined) {
  const { log, lines } = collectingLog();
  const live = await openLiveDocuments({ builtIn: [BUILT_IN], store, warmUp, log, pollMs: 20 });
  open.push(live);
  return { live, lines, names: () => live.operations().map(({ name }) => name).sort() };
}

const until = async (so: () => boolean): Promise<void> => {
  while (!so()) await new Promise((done) => setTimeout(done, 5));
};

describe('registered documents', () => {
  it('reach every node on the folder, and whoever starts later', async () => {
    const [one, two] = [await openNode(createStore()), await openNode(createStore())];
    expect(one.names()).toEqual(['BuiltIn']);
    await register(createStore(), 'shop', [ONE]);
    for (const node of [one, two]) await until(() => node.live.find(ONE.id) !== null);
    expect(one.live.version).toBe('1');
    expect(two.live.idOf(ONE.body)).toBe(ONE.id);
    expect((await openNode(createStore())).names()).toEqual(['BuiltIn', 'One']);
  });

  it('of two storefronts do not push each other out', async () => {
    const store = createStore();
    await register(store, 'shop', [ONE]);
    await register(store, 'app', [TWO]);
    expect((await openNode(store)).names()).toEqual(['BuiltIn', 'One', 'Two']);
  });

  it('of earlier builds stay trusted, so many of them', async () => {
    const store = createStore(2);
    const { live, names } = await openNode(store);
    for (const documents of [[ONE], [TWO], [THREE]]) await register(store, 'shop', documents);
    await live.refresh();
    expect(names()).toEqual(['BuiltIn', 'Three', 'Two']);
    await register(store, 'shop', [THREE], true);
    await live.refresh();
    expect(names()).toEqual(['BuiltIn', 'Three']);
  });

  it('that are registered again are no new version', async () => {
    const store = createStore();
    await register(store, 'shop', [ONE]);
    expect(await register(store, 'shop', [ONE])).toMatchObject({ changed: false, version: { number: 1 } });
    await register(store, 'shop', [TWO]);
    // An earlier build that is deployed again is the newest from then on.
    expect(await register(store, 'shop', [ONE])).toMatchObject({ changed: true, version: { number: 3 } });
    expect(await store.list()).toHaveLength(3);
  });

  it('are lost by nobody who registers at the same time', async () => {
    await Promise.all(Array.from({ length: 12 }, (_, index) => register(createStore(), `client-${index}`, [document(`Of${index}`)])));
    const [newest, ...others] = await createStore().list();
    expect(Object.keys(newest!.manifests)).toHaveLength(12);
    expect(others.map(({ number }) => number)).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(readdirSync(join(directory, 'versions')).every((name) => name.endsWith('.json'))).toBe(true);
  });
});

describe('a rollback', () => {
  it('trusts again what an earlier version trusted, and no more', async () => {
    const store = createStore();
    await register(store, 'shop', [ONE]);
    await register(store, 'shop', [TWO]);
    const { live, names } = await openNode(store);
    expect(await store.rollBack({ to: 1, by: 'somebody' })).toMatchObject({ number: 3, reason: 'ROLLED_BACK', equals: 1 });
    await until(() => live.version === '3');
    expect(names()).toEqual(['BuiltIn', 'One']);
    await register(store, 'shop', [THREE]);
    await live.refresh();
    expect(names()).toEqual(['BuiltIn', 'One', 'Three']);
  });

  it('to 0 leaves what was built in', async () => {
    const store = createStore();
    await register(store, 'shop', [ONE]);
    await store.rollBack({ to: 0, by: 'somebody' });
    expect((await openNode(store)).names()).toEqual(['BuiltIn']);
  });

  it('to what never was changes nothing', async () => {
    const store = createStore();
    await register(store, 'shop', [ONE]);
    expect(await store.rollBack({ to: 7, by: 'somebody' })).toBeNull();
    expect(await store.list()).toHaveLength(1);
  });
});

describe('a node', () => {
  it('warms up what is new before it is trusted, and nothing twice', async () => {
    const store = createStore();
    const warmed: string[][] = [];
    const seen: (string | null)[] = [];
    let node: LiveDocuments | null = null;
    const opened = await openNode(store, async (documents) => {
      warmed.push(documents.map(({ name }) => name));
      seen.push(node?.find(documents[0]!.id) ?? null);
    });
    node = opened.live;
    await register(store, 'shop', [ONE, BUILT_IN]);
    await node.refresh();
    await register(store, 'shop', [ONE, TWO]);
    await node.refresh();
    expect(warmed).toEqual([['One'], ['Two']]);
    expect(seen).toEqual([null, null]);
  });

  it('stays with what it knows where a manifest was tampered with, and says so', async () => {
    const store = createStore();
    await register(store, 'shop', [ONE]);
    const { live, lines, names } = await openNode(store);
    await register(store, 'shop', [TWO]);
    const [version] = await store.list();
    writeFileSync(join(directory, 'manifests', `${version!.manifests['shop']![0]}.json`), JSON.stringify(createManifest([THREE])));
    await live.refresh();
    await live.refresh();
    expect(names()).toEqual(['BuiltIn', 'One']);
    expect(live.problem).toMatch(/is not what its name says/);
    expect(lines.filter(({ level }) => level === 'error')).toHaveLength(1);
    await store.rollBack({ to: 1, by: 'somebody' });
    await live.refresh();
    expect(live.problem).toBeNull();
    expect(live.version).toBe('3');
  });

  it('stays with what it knows where the warm-up fails, and tries again', async () => {
    const store = createStore();
    let broken = true;
    const { live, names } = await openNode(store, async () => {
      if (broken) throw new Error('no planner today');
    });
    await register(store, 'shop', [ONE]);
    await live.refresh();
    expect(names()).toEqual(['BuiltIn']);
    expect(live.problem).toBe('no planner today');
    broken = false;
    await live.refresh();
    expect(names()).toEqual(['BuiltIn', 'One']);
  });
});

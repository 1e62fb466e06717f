import { patchProduct, patchProductModel, removeProduct } from './pim-commands.ts';
import { emptyPim, pimFromSeed } from './pim-state.ts';
import type { PimState } from './pim-types.ts';
import { Rejection, type Change, type Command, type EnginePart } from './part.ts';
import type { PimSeed } from './seed-types.ts';

/** The PIM half: `state` is for reading only, changes go through the engine's commands. */
export interface PimPart extends EnginePart {
  readonly state: PimState;
}

type PimCommand = (state: PimState, args: never, at: string) => unknown;

const COMMANDS: Readonly<Record<string, { readonly table: string; readonly run: PimCommand }>> = {
  'patch-product': { table: 'pim-product', run: patchProduct },
  'patch-product-model': { table: 'pim-product-model', run: patchProductModel },
  'remove-product': { table: 'pim-product', run: removeProduct },
};

export function createPim(): PimPart {
  const held = { state: emptyPim() };
  const load: Command = (seed: PimSeed, atMs: number) => {
    held.state = pimFromSeed(seed, new Date(atMs).toISOString());
    return { products: seed.products.length, productModels: seed.productModels.length };
  };
  const patch = ({ run }: { readonly run: PimCommand }): Command => (args, atMs) => run(held.state, args, new Date(atMs).toISOString());
  const patches = Object.fromEntries(Object.entries(COMMANDS).map(([name, command]) => [name, patch(command)]));
  const commands: Readonly<Record<string, Command>> = { 'load-pim': load, ...patches };
  return {
    name: 'pim',
    commands,
    get state() {
      return held.state;
    },
    run: (name, args, atMs) => {
      const before = shallowCopy(held.state);
      const command = commands[name];
      if (command === undefined) throw new Rejection('missing', `The PIM has no command ${name}`);
      const result = command(args as never, atMs);
      return { result, changes: [changeOf(name, result)], undo: () => void (held.state = before) };
    },
    snapshot: () => [held.state],
    clear: () => void (held.state = emptyPim()),
    restore: (line) => void (held.state = line as PimState),
  };
}

/** Records are replaced whole by every command, so copying the maps that hold them is enough to go back. */
function shallowCopy(state: PimState): PimState {
  const copied = Object.entries(state).map(([key, value]) => [key, typeof value === 'object' ? { ...value } : value]);
  return Object.fromEntries(copied) as PimState;
}

function changeOf(command: string, result: unknown): Change {
  const { uuid, code, created } = result as { readonly uuid?: string; readonly code?: string; readonly created?: boolean };
  const action = command.startsWith('remove') ? 'remove' : created === true ? 'create' : 'update';
  return { table: COMMANDS[command]?.table ?? 'pim', id: uuid ?? code ?? '', action };
}

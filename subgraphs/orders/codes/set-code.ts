import { instant } from '../../../domain/time.ts';
import { UserErrorCode } from '../../graph/user-error.ts';
import { refuse, Refusal } from '../placing/refusal.ts';
import { checkText, type Problem } from '../placing/text-validation.ts';
import { performOnce, throwProblems, type OperatorTools } from '../resolution/manual-action.ts';
import { sendAgain } from '../resolution/retry-order.ts';
import { builtInMappings } from './built-in.ts';
import { isSameMapping, type CodeMapping, type CodeNeed } from './code-map.ts';
import { mappingOf, mappingShape, type FirstMapping, type MappingText } from './codes-file.ts';
import { countOrdersWaiting, deleteMapping, insertFirstMappings, lockMapping, readMappings, readOrdersWaiting, writeMapping } from './store.ts';

/** Orders sent again in one transaction; the rest with the next call. */
const MAX_RETRIED = 5_000;

export interface CodeOutcome {
  /** As it is now; null: there is none. */
  readonly mapping: CodeMapping | null;
  /** Orders that ask for attention because of this code; after retryWaiting those that were sent again do not count. */
  readonly ordersWaiting: number;
  readonly ordersRetried: number;
}

export interface CodeRequest {
  readonly actor: string;
  readonly idempotencyKey: string;
}

/** The system whose words are asked for: the one that takes orders, unless another is named. */
export function systemOf({ ports }: Pick<OperatorTools, 'ports'>, named: string | null): string {
  const system = named ?? ports.port('orders')?.source;
  if (system !== undefined) return system;
  throw refuse(UserErrorCode.INVALID_INPUT, ['system'], 'no configured system takes orders; name one');
}

/** Says what a system calls a code of ours, and sends the orders on their way that waited for it where that is asked for. @throws Refusal */
export async function setCodeMapping(tools: OperatorTools, { actor, idempotencyKey }: CodeRequest, text: MappingText, retryWaiting: boolean): Promise<CodeOutcome> {
  const mapping = readMapping(text);
  const action = { actor, idempotencyKey, action: 'code.set', payload: { mapping, retryWaiting }, subject: subjectOf(mapping) };
  return performOnce(tools, action, async (tx, at) => {
    const before = await lockMapping(tx, mapping.system, mapping);
    const after: CodeMapping = { ...mapping, updatedBy: actor, updatedAt: at };
    const isChange = before === null || !isSameMapping(before, after);
    if (isChange) await writeMapping(tx, after);
    const ordersRetried = retryWaiting ? await sendAgain(tools, tx, await readOrdersWaiting(tx, mapping, MAX_RETRIED), at) : 0;
    const ordersWaiting = await countOrdersWaiting(tx, mapping);
    const audit = { before: before && wordsOf(before), after: wordsOf(after), ordersRetried };
    return { result: { mapping: isChange ? after : before, ordersWaiting, ordersRetried }, audit: isChange || ordersRetried > 0 ? audit : null };
  });
}

/** Takes what was said back; what is built in holds again. */
export async function removeCodeMapping(tools: OperatorTools, { actor, idempotencyKey }: CodeRequest, system: string, need: CodeNeed): Promise<CodeOutcome> {
  const action = { actor, idempotencyKey, action: 'code.remove', payload: { system, ...need }, subject: subjectOf({ system, ...need }) };
  return performOnce(tools, action, async (tx) => {
    const before = await lockMapping(tx, system, need);
    if (before) await deleteMapping(tx, system, need);
    const left = await readMappings(tx, system, [need], builtInMappings(tools.config, system));
    const mapping = left.find(({ kind, ours }) => kind === need.kind && ours === need.ours) ?? null;
    return { result: { mapping, ordersWaiting: await countOrdersWaiting(tx, need), ordersRetried: 0 }, audit: before && { before: wordsOf(before), after: mapping && wordsOf(mapping) } };
  });
}

const subjectOf = ({ system, kind, ours }: CodeNeed & { readonly system: string }): string => `${system} ${kind} ${ours}`;
const wordsOf = ({ theirs, detail }: Pick<CodeMapping, 'theirs' | 'detail'>): object => ({ theirs, ...detail });

function readMapping(text: MappingText): FirstMapping {
  const parsed = mappingShape.safeParse(text);
  if (!parsed.success) {
    throw new Refusal(parsed.error.issues.map(({ path, message }) => ({
      code: UserErrorCode.INVALID_INPUT, field: path.map(String), message: `${path.join('.')} ${message}`, retryable: false,
    })));
  }
  const problems: Problem[] = [];
  for (const name of ['ours', 'theirs'] as const) checkText(parsed.data[name], [name], 256, 'IDENTIFIER', problems);
  throwProblems(problems);
  return mappingOf(parsed.data);
}

/** Puts the first contents in; what is there already stays. Answers how many rows are new. */
export const putFirstMappings = ({ database, clock }: Pick<OperatorTools, 'database' | 'clock'>, mappings: readonly FirstMapping[]): Promise<number> =>
  mappings.length === 0 ? Promise.resolve(0) : insertFirstMappings(database, mappings, instant(clock.now()));

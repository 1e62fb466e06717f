import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Failure } from '../../../domain/failure.ts';
import { ANY_CODE, CODE_KINDS, WITHOUT_DEFAULT, type CodeMapping } from './code-map.ts';

/* The first contents of the code maps, as a JSON list: {"system": "erp", "kind": "PAYMENT", "ours": "CARD", "theirs": "stripe"}. */

const code = (max: number): z.ZodString => z.string('must be a text').trim().min(1, 'must not be empty').max(max, `must be at most ${max} characters`);

export const mappingShape = z.strictObject({
  system: code(64),
  kind: z.enum(CODE_KINDS, `must be one of ${CODE_KINDS.join(', ')}`),
  ours: code(128),
  theirs: code(256),
  trackingUrl: z.string().max(1_000).refine((url) => /^https:\/\/\S+$/.test(url) && url.includes('{number}'), 'must be an https address with {number} in it').optional(),
  names: z.array(code(128), 'must be a list of names').max(50, 'must be at most 50 names').optional(),
}).superRefine(({ kind, ours, trackingUrl, names }, context) => {
  if (ours === ANY_CODE && WITHOUT_DEFAULT.includes(kind)) context.addIssue({ code: 'custom', path: ['ours'], message: `one code for every ${kind} makes no sense; name one` });
  if (kind === 'CARRIER') return;
  if (trackingUrl !== undefined) context.addIssue({ code: 'custom', path: ['trackingUrl'], message: 'belongs to a CARRIER' });
  if (names !== undefined) context.addIssue({ code: 'custom', path: ['names'], message: 'belong to a CARRIER' });
});

export type MappingText = z.input<typeof mappingShape>;
export type FirstMapping = Omit<CodeMapping, 'updatedBy' | 'updatedAt'>;

/** A checked mapping as it is stored. */
export const mappingOf = ({ trackingUrl, names, ...rest }: z.output<typeof mappingShape>): FirstMapping => ({
  ...rest, detail: { ...(trackingUrl !== undefined && { trackingUrl }), ...(names !== undefined && { names }) },
});

/** @throws Failure MISCONFIGURED that names every unusable line of the file. */
export function parseCodes(text: string, source: string): readonly FirstMapping[] {
  const entries = readList(text, source);
  const lines = linesOfEntries(text);
  const problems: string[] = [];
  const seen = new Map<string, number>();
  const mappings = entries.flatMap((entry, index) => {
    const line = lines[index] ?? 1;
    const parsed = mappingShape.safeParse(entry);
    if (!parsed.success) {
      problems.push(...parsed.error.issues.map(({ path, message }) => `line ${line}: ${path.join('.') || 'the entry'} ${message}`));
      return [];
    }
    const key = JSON.stringify([parsed.data.system, parsed.data.kind, parsed.data.ours]);
    if (seen.has(key)) problems.push(`line ${line}: ${parsed.data.kind} ${parsed.data.ours} is on line ${seen.get(key)} already`);
    seen.set(key, line);
    return [mappingOf(parsed.data)];
  });
  if (problems.length > 0) throw unusable(source, problems);
  return mappings;
}

function readList(text: string, source: string): readonly unknown[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw unusable(source, [`line ${lineOfFault(text)}: ${(error as Error).message}`]);
  }
  if (Array.isArray(json)) return json;
  throw unusable(source, ['line 1: must be a list: [{"system": "erp", "kind": "PAYMENT", "ours": "CARD", "theirs": "stripe"}]']);
}

/** The line that is no JSON: the engine does not always say. Up to it the text is only unfinished. */
function lineOfFault(text: string): number {
  const lines = text.split('\n');
  let [least, most] = [1, lines.length];
  while (least < most) {
    const middle = (least + most) >> 1;
    if (isUnfinished(lines.slice(0, middle).join('\n'))) least = middle + 1;
    else most = middle;
  }
  return least;
}

function isUnfinished(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const { message } = error as Error;
    // Lines are looked at whole, and no string goes on to the next.
    if (message.startsWith('Unterminated string')) return false;
    const position = /at position (\d+)/.exec(message)?.[1];
    return message.includes('end of JSON input') || (position !== undefined && Number(position) >= text.trimEnd().length);
  }
}

/** On which line each entry of the outermost list begins. */
function linesOfEntries(text: string): readonly number[] {
  const lines: number[] = [];
  let [line, depth, expectsEntry] = [1, 0, false];
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{},]|\n|[^\s[\]{},"]+/g)) {
    if (token === '\n') line += 1;
    else if (token === ',' && depth === 1) expectsEntry = true;
    else if (token === '[' && depth === 0) [depth, expectsEntry] = [1, true];
    else {
      if (expectsEntry && token !== ']') lines.push(line);
      expectsEntry = false;
      if (token === '[' || token === '{') depth += 1;
      if (token === ']' || token === '}') depth -= 1;
    }
  }
  return lines;
}

const unusable = (source: string, problems: readonly string[]): Failure =>
  new Failure('MISCONFIGURED', `${source} holds no usable code maps; mend these lines:\n${problems.map((line) => `  ${line}`).join('\n')}`, { field: ['ORDER_CODES_FILE'] });

/** Nothing where no file is configured. @throws Failure MISCONFIGURED */
export const readCodesFile = (path: string | undefined): readonly FirstMapping[] => (path === undefined ? [] : parseCodes(readFileSync(path, 'utf8'), path));

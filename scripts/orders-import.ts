import { createReadStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

/*
 * npm run orders:import -- <file.jsonl> --source <name> [--url http://127.0.0.1:4000] [--key-file <file>]: sends past orders, one JSON
 * a line (fields of PastOrderInput), to a running graph. How far it came is kept beside the file: started again it goes on from there,
 * and what is sent twice changes nothing. What was refused is written to <file>.rejected.jsonl.
 */

const { values, positionals: [file] } = parseArgs({
  allowPositionals: true,
  options: { source: { type: 'string' }, url: { type: 'string', default: 'http://127.0.0.1:4000' }, 'key-file': { type: 'string' } },
});
const { source, url } = values;
if (file === undefined || source === undefined) {
  console.error('usage: npm run orders:import -- <file.jsonl> --source <name> [--url <base address of the graph>] [--key-file <file with an API key of scope operations>]');
  process.exit(2);
}

/** Below the graph's limit for a body. */
const MOST_CHARACTERS = 250_000;
const MOST_ORDERS = 500;
const progressFile = `${file}.progress`;
const rejectedFile = `${file}.rejected.jsonl`;
const key = values['key-file'] === undefined ? null : readFileSync(values['key-file'], 'utf8').trim();

const MUTATION = `mutation ImportOrders($input: ImportOrdersInput!) {
  importOrders(input: $input) { imported unchanged total notAddingUp rejected { number field message } userErrors { message } }
}`;

interface Report {
  readonly imported: number;
  readonly unchanged: number;
  readonly total: number;
  readonly notAddingUp: readonly string[];
  readonly rejected: readonly { readonly number: string; readonly field: readonly string[]; readonly message: string }[];
  readonly userErrors: readonly { readonly message: string }[];
}

async function send(orders: readonly string[]): Promise<Report> {
  const response = await fetch(new URL('/graphql', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key !== null && { 'x-api-key': key }) },
    body: `{"query":${JSON.stringify(MUTATION)},"variables":{"input":{"source":${JSON.stringify(source)},"orders":[${orders.join(',')}]}}}`,
  });
  const { data, errors } = (await response.json()) as { data?: { importOrders: Report | null } | null; errors?: readonly { message: string }[] };
  const report = data?.importOrders;
  const problems = [...(errors ?? []), ...(report?.userErrors ?? [])].map(({ message }) => message);
  if (!report || problems.length > 0) throw new Error(`the graph refused the batch (HTTP ${response.status}): ${problems.join('; ')}`);
  return report;
}

/** Lines done by an earlier run of the same file. */
const done = existsSync(progressFile) ? Number(readFileSync(progressFile, 'utf8')) : 0;
if (done > 0) console.log(`going on after line ${done} (remove ${progressFile} to begin again)`);
const sums = { imported: 0, unchanged: 0, rejected: 0, notAddingUp: 0 };
const startedAt = performance.now();
let line = 0;
let batch: string[] = [];
let characters = 0;

async function flush(): Promise<void> {
  if (batch.length === 0) return;
  const report = await send(batch);
  sums.imported += report.imported;
  sums.unchanged += report.unchanged;
  sums.notAddingUp += report.notAddingUp.length;
  sums.rejected += new Set(report.rejected.map(({ number }) => number)).size;
  if (report.rejected.length > 0) writeFileSync(rejectedFile, report.rejected.map((row) => `${JSON.stringify(row)}\n`).join(''), { flag: 'a' });
  writeFileSync(progressFile, String(line));
  console.log(`line ${line}: ${sums.imported} imported, ${sums.unchanged} unchanged, ${sums.rejected} rejected; ${report.total} of ${source} are stored`);
  [batch, characters] = [[], 0];
}

for await (const text of createInterface({ input: createReadStream(file) })) {
  if (line >= done && text.trim() !== '') {
    if (batch.length === MOST_ORDERS || characters + text.length > MOST_CHARACTERS) await flush();
    batch.push(text);
    characters += text.length;
  }
  line += 1;
}
await flush();
const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
console.log(`${JSON.stringify(sums)} in ${seconds} s${sums.rejected > 0 ? `; what was refused and why: ${rejectedFile}` : ''}`);
process.exitCode = sums.rejected > 0 ? 1 : 0;

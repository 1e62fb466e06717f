import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { request } from 'undici';
import { readConfig } from '../platform/config.ts';
import { askForResync } from './resync.ts';

const USAGE = `Does things to a running sandbox ERP and PIM, so that you can watch them arrive in the graph.

  npm run sandbox -- receive SKU QUANTITY [--location MAIN]     goods arrive (open purchase orders first)
  npm run sandbox -- receive --purchase P00001                  a whole purchase order arrives
  npm run sandbox -- pick ORDER                                 somebody begins to pick what is reserved
  npm run sandbox -- print ORDER                                the papers to pick by
  npm run sandbox -- ship ORDER [--carrier NAME] [--tracking NUMBER]... [--line SKU=QUANTITY]...
                       [--package 'NAME:SKU=QUANTITY,SKU=QUANTITY']... (instead of lines; named like a tracking number, it has that one)
  npm run sandbox -- return ORDER [--line SKU=QUANTITY]... [--disposition restock|scrap|quarantine] [--expected]
  npm run sandbox -- credit ORDER [--line SKU=QUANTITY]... [--difference 0.01] [--reference TEXT]
  npm run sandbox -- pay CREDIT-MEMO [--amount 5.00]             money went back
  npm run sandbox -- cancel ORDER
  npm run sandbox -- price SKU AMOUNT
  npm run sandbox -- discount [PERCENT] [--list CODE]...        everything, by accident: 90 % on every list unless told
  npm run sandbox -- rate CURRENCY AMOUNT [--on 2026-12-01]      what one of the company's currency is in it
  npm run sandbox -- stock SKU QUANTITY [--location MAIN]       what lies there becomes QUANTITY
  npm run sandbox -- archive SKU | unarchive SKU
  npm run sandbox -- orders [--reference TEXT] | state | calls
  npm run sandbox -- fault KIND [--model sale.order] [--method create] [--face odoo|akeneo] [--path /akeneo/*]
                       [--times 1] [--probability 0.5] [--status 503] [--retry-after 2] [--latency 1500]
                       KIND: latency timeout timeoutAfterProcessing status dropBefore dropAfterProcessing malformed html
  npm run sandbox -- faults | no-faults
  npm run sandbox -- do COMMAND '{"json":"arguments"}'          any command of the engine
  npm run sandbox -- load FILE.json                             forget everything, load {"erp":…, "pim":…}
  npm run sandbox -- reset                                      back to the seed it was started with

  ORDER is the ERP's number, the customer reference or an id. The sandbox is looked for at --url, or on
  127.0.0.1 at --port, SANDBOX_PORT or 4001.
`;

const OPTIONS = {
  url: { type: 'string' }, port: { type: 'string' }, location: { type: 'string' }, purchase: { type: 'string' },
  list: { type: 'string', multiple: true }, on: { type: 'string' }, tracking: { type: 'string', multiple: true }, line: { type: 'string', multiple: true }, reference: { type: 'string' }, model: { type: 'string' },
  method: { type: 'string' }, face: { type: 'string' }, path: { type: 'string' }, times: { type: 'string' }, probability: { type: 'string' },
  carrier: { type: 'string' }, package: { type: 'string', multiple: true }, disposition: { type: 'string' }, expected: { type: 'boolean' }, difference: { type: 'string' }, amount: { type: 'string' },
  status: { type: 'string' }, 'retry-after': { type: 'string' }, latency: { type: 'string' }, help: { type: 'boolean', default: false },
} as const satisfies ParseArgsOptionsConfig;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>>['values'];

interface Ask {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
}

/** A mistake in the command line; the message says how to write it. */
class UsageError extends Error {}

const command = (name: string, body: unknown): Ask => ({ method: 'POST', path: `/commands/${name}`, body });

function askOf(verb: string | undefined, words: readonly string[], values: Values): Ask {
  const word = (index: number, what: string): string => {
    const found = words[index];
    if (found === undefined) throw new UsageError(`${String(verb)} needs ${what}`);
    return found;
  };
  const place = values.location === undefined ? {} : { location: values.location };
  const lines = values.line === undefined ? {} : { lines: values.line.map(readLine) };
  switch (verb) {
    case 'receive':
      if (values.purchase !== undefined) return command('receive-goods', { purchaseOrder: values.purchase });
      return command('receive-goods', { sku: word(0, 'a SKU'), quantity: word(1, 'a quantity'), ...place });
    case 'pick': return command('pick-order', { order: word(0, 'an order') });
    case 'print': return command('print-order', { order: word(0, 'an order') });
    case 'ship': return command('ship-order', { order: word(0, 'an order'), ...lines, ...told(values, 'tracking', 'carrier'), ...(values.package !== undefined && { packages: values.package.map(readPackage) }) });
    case 'return': return command('return-order', { order: word(0, 'an order'), ...lines, ...told(values, 'disposition', 'expected') });
    case 'credit': return command('credit-order', { order: word(0, 'an order'), ...lines, ...told(values, 'difference', 'reference') });
    case 'pay': return command('pay-credit-memo', { creditMemo: word(0, 'a credit memo'), ...told(values, 'amount') });
    case 'cancel': return command('cancel-order', { order: word(0, 'an order') });
    case 'price': return command('set-price', { sku: word(0, 'a SKU'), price: word(1, 'a price') });
    case 'discount': return command('discount-everything', { ...(words[0] !== undefined && { percent: words[0] }), ...(values.list !== undefined && { priceLists: values.list }) });
    case 'rate': return command('set-rate', { currency: word(0, 'a currency'), rate: word(1, 'an amount'), ...told(values, 'on') });
    case 'stock': return command('set-stock', { sku: word(0, 'a SKU'), quantity: word(1, 'a quantity'), ...place });
    case 'archive': case 'unarchive': return command('set-active', { sku: word(0, 'a SKU'), active: verb === 'unarchive' });
    case 'orders': return { method: 'GET', path: `/orders${values.reference === undefined ? '' : `?reference=${encodeURIComponent(values.reference)}`}` };
    case 'state': case 'calls': case 'faults': return { method: 'GET', path: `/${verb}` };
    case 'fault': return { method: 'PUT', path: '/faults', body: faultOf(word(0, 'a kind'), values) };
    case 'no-faults': return { method: 'DELETE', path: '/faults' };
    case 'do': return command(word(0, 'a command'), readJson(words[1] ?? '{}'));
    case 'reset': return { method: 'POST', path: '/reset', body: {} };
    default: throw new UsageError(verb === undefined ? 'Say what to do' : `There is no ${verb}`);
  }
}

function readLine(text: string): { readonly sku: string; readonly quantity: string } {
  const at = text.lastIndexOf('=');
  if (at < 1) throw new UsageError(`--line is SKU=QUANTITY, got ${text}`);
  return { sku: text.slice(0, at), quantity: text.slice(at + 1) };
}

function readPackage(text: string): { readonly name: string; readonly lines: readonly ReturnType<typeof readLine>[] } {
  const at = text.indexOf(':');
  if (at < 1) throw new UsageError(`--package is NAME:SKU=QUANTITY,SKU=QUANTITY, got ${text}`);
  return { name: text.slice(0, at), lines: text.slice(at + 1).split(',').map(readLine) };
}

/** What was said of these options. */
const told = (values: Values, ...names: readonly (keyof Values)[]): object => Object.fromEntries(names.filter((name) => values[name] !== undefined).map((name) => [name, values[name]]));

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`The arguments must be JSON, got ${text}`);
  }
}

function faultOf(kind: string, values: Values): object {
  const { face, model, method, path } = values;
  const numbers = { times: values.times, probability: values.probability, status: values.status, retryAfterSeconds: values['retry-after'], latencyMs: values.latency };
  const given = Object.entries(numbers).filter(([, value]) => value !== undefined).map(([name, value]) => [name, Number(value)]);
  const match = Object.fromEntries(Object.entries({ face, model, method, path }).filter(([, value]) => value !== undefined));
  return { kind, match, ...Object.fromEntries(given) };
}

async function loadBody(path: string | undefined): Promise<Ask> {
  if (path === undefined) throw new UsageError('load needs a file');
  const { readFile } = await import('node:fs/promises');
  return { method: 'POST', path: '/load', body: readJson(await readFile(path, 'utf8')) };
}

async function send(base: string, { method, path, body }: Ask): Promise<unknown> {
  const answer = await request(`${base}/sandbox${path}`, { method, ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }) }).catch(() => {
    throw new Error(`No sandbox answers at ${base}. Start the house with \`npm start\`, or the sandbox alone with \`tsx sandbox/main.ts\`; or name it with --url or --port.`);
  });
  const result = (await answer.body.json()) as { readonly error?: string };
  if (answer.statusCode >= 400) throw new Error(result.error ?? `The sandbox answered ${String(answer.statusCode)}`);
  return result;
}

function houseUrl(): string {
  const { HOST, PORT } = readConfig();
  return `http://${HOST}:${PORT}`;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const [verb, ...words] = positionals;
  if (values.help || verb === 'help') return void process.stdout.write(USAGE);
  const ask = verb === 'load' ? await loadBody(words[0]) : askOf(verb, words, values);
  const result = await send(values.url ?? `http://127.0.0.1:${values.port ?? String(readConfig().sandboxPort)}`, ask);
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  if (verb === 'load' || verb === 'reset') process.stderr.write(`${await askForResync(houseUrl())}\n`);
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${message}\n${error instanceof UsageError || message.includes('Unknown option') ? `\n${USAGE}` : ''}`);
  process.exitCode = 1;
});

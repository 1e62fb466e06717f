import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { systemClock } from '../platform/clock.ts';
import { createLog } from '../platform/log.ts';
import type { SandboxSeed } from './engine/engine.ts';
import { sampleSeed } from './seeds/sample.ts';
import { startSandbox } from './server.ts';

const USAGE = `Starts the sandbox ERP and PIM on their own.

  tsx sandbox/main.ts [--port 4001] [--host 127.0.0.1] [--data-dir .data] [--seed sample|empty|FILE.json] [--webhook URL]

  --data-dir  where the journal lives; "none" keeps everything in memory
  --seed      loaded into an empty sandbox and by reset; a file holds {"erp": ..., "pim": ...} (sandbox/engine/seed-types.ts)
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4001' }, host: { type: 'string', default: '127.0.0.1' }, 'data-dir': { type: 'string', default: '.data' },
      seed: { type: 'string', default: 'sample' }, webhook: { type: 'string' }, help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(USAGE);
  const sandbox = await startSandbox({
    port: Number(values.port), host: values.host, dataDir: values['data-dir'] === 'none' ? null : values['data-dir'],
    log: createLog({ level: 'info', name: 'sandbox' }), clock: systemClock, seed: readSeed(values.seed),
    ...(values.webhook !== undefined && { webhookUrl: values.webhook }),
  });
  process.stdout.write(`READY sandbox ${sandbox.url} odoo=${sandbox.url} akeneo=${sandbox.url}/akeneo control=${sandbox.url}/sandbox\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void sandbox.close());
}

function readSeed(name: string): SandboxSeed | null {
  if (name === 'empty') return null;
  return name === 'sample' ? sampleSeed() : (JSON.parse(readFileSync(name, 'utf8')) as SandboxSeed);
}

main().catch((error: unknown) => {
  process.stderr.write(`The sandbox did not start: ${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exitCode = 1;
});

import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { manualClock } from '../../../platform/clock.ts';
import { silentLog } from '../../../platform/log.ts';
import { startSandbox } from '../../../sandbox/server.ts';
import { smallCompany, startedAtMs } from './small-company.ts';

it('tells a changed quantity as Odoo does, unsigned, by model and id', async () => {
  const told: unknown[] = [];
  const listener = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => void (text += chunk.toString()));
    request.on('end', () => {
      told.push(JSON.parse(text));
      response.end();
      listener.emit('told');
    });
  });
  await once(listener.listen(0, '127.0.0.1'), 'listening');
  const sandbox = await startSandbox({
    port: 0, host: '127.0.0.1', dataDir: null, log: silentLog, clock: manualClock(startedAtMs), seed: { erp: smallCompany },
    webhookUrl: `http://127.0.0.1:${String((listener.address() as AddressInfo).port)}/hook`,
  });
  const heard = once(listener, 'told');
  sandbox.engine.execute('set-stock', { sku: 'MUG', location: 'MAIN', quantity: '11' });
  await heard;
  expect(told[0]).toMatchObject({ _model: 'stock.quant', _action: 'Send Webhook Notification' });
  await sandbox.close();
  listener.closeAllConnections();
  listener.close();
});

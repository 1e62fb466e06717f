import { expect, it } from 'vitest';
import { scrub } from '../../../../connectors/odoo/scrub.ts';

it.each([
  ['a bearer header', 'POST /json/2/x HTTP/1.1\nauthorization: bearer abc123def\n', 'abc123def'],
  ['a header as JSON', '{"authorization":"bearer abc123def","x":1}', 'abc123def'],
  ['execute_kw', '{"service":"object","method":"execute_kw","args":["db",2,"p\\"ss,w0rd","res.partner","search"]}', 'ss,w0rd'],
  ['authenticate', '{"method":"authenticate","args":["db","bot","hunter22",{}]}', 'hunter22'],
  ['a named password', '{"login":"bot","password":"hunter22"}', 'hunter22'],
  ['a webhook URL', 'https://shop.example/webhooks/erp?token=s3cr3t-token&x=1', 's3cr3t-token'],
])('scrub takes the secret out of %s and leaves the rest', (_what, transcript, secret) => {
  const scrubbed = scrub(transcript);
  expect(scrubbed).not.toContain(secret);
  expect(scrubbed).toContain('[scrubbed]');
});

it('takes known secrets out wherever they are', () => {
  expect(scrub('Traceback: key 0123456789 of bot', ['0123456789'])).toBe('Traceback: key [scrubbed] of bot');
});

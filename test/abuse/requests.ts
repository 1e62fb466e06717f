import { connect } from 'node:net';
import { deflateSync, gzipSync } from 'node:zlib';

/** Bytes of a request as somebody may send them, and what must come back. */
export interface RequestCase {
  readonly name: string;
  readonly send: (url: string) => Promise<Returned>;
  /** Any of these statuses; 0 = the connection was closed without an answer. */
  readonly status: readonly number[];
  /** Whether each answer must hold an error that says what is wrong. */
  readonly silent?: boolean;
}

export interface Returned {
  readonly status: number;
  readonly text: string;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const QUERY = JSON.stringify({ query: '{ item(id: "1") { name } }' });
const QUERY_OF_OTHERS = JSON.stringify({ query: 'mutation { rename(id: 1, name: "x") { id } }' });

async function ask(url: string, init: RequestInit, path = '/graphql'): Promise<Returned> {
  try {
    const response = await fetch(`${url}${path}`, init);
    return { status: response.status, text: await response.text() };
  } catch (error) {
    // A server may refuse and close while the rest of a body is still being sent.
    const { code } = (error as { cause?: { code?: string } }).cause ?? {};
    if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'UND_ERR_SOCKET') return { status: 0, text: '' };
    throw error;
  }
}

const post = (body: BodyInit, headers: Record<string, string> = JSON_TYPE) => (url: string): Promise<Returned> => ask(url, { method: 'POST', headers, body });
const get = (query: string, headers: Record<string, string> = {}) => (url: string): Promise<Returned> => ask(url, { headers }, `/graphql?${query}`);

/** Writes bytes, and then whatever `trickle` gives at each interval, until the server answers or closes. */
const raw = (bytes: string | Buffer, trickle?: () => string) => (url: string): Promise<Returned> =>
  new Promise((done) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    let text = '';
    const drip = trickle ? setInterval(() => socket.write(trickle()), 100) : undefined;
    const end = (): void => {
      clearInterval(drip);
      socket.destroy();
      done({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0), text: text.slice(text.indexOf('\r\n\r\n') + 4) });
    };
    socket.on('data', (chunk) => {
      text += String(chunk);
      if (text.includes('\r\n\r\n')) setTimeout(end, 50);
    });
    socket.on('error', end).on('close', end);
    socket.write(bytes);
  });

const head = (more: string, method = 'POST /graphql'): string => `${method} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n\r\n`;

const BODIES: readonly RequestCase[] = [
  { name: 'a list of operations', send: post(`[${Array.from({ length: 50 }, () => QUERY).join()}]`), status: [400] },
  { name: 'a form, as a page of somebody else sends it without asking', send: post(`query=${encodeURIComponent('mutation { rename(id: 1, name: "x") { id } }')}`, { 'content-type': 'application/x-www-form-urlencoded' }), status: [415] },
  { name: 'plain text that is JSON', send: post(QUERY_OF_OTHERS, { 'content-type': 'text/plain' }), status: [415] },
  { name: 'a multipart form', send: post(Object.entries({ operations: QUERY }).reduce((form, [name, value]) => (form.append(name, value), form), new FormData()), {}), status: [415] },
  { name: 'no content type', send: raw(head(`Content-Length: ${QUERY.length}`) + QUERY), status: [400, 415] },
  { name: 'JSON that is none', send: post('{"query": "{ mine }"'), status: [400] },
  { name: 'JSON of another alphabet', send: post(Buffer.from(QUERY, 'utf16le')), status: [400] },
  { name: 'JSON that is a number', send: post('42'), status: [400] },
  { name: 'JSON that is null', send: post('null'), status: [400] },
  { name: 'brackets without end', send: post('['.repeat(400_000)), status: [400] },
  { name: 'a body that is nothing but the prototype', send: post('{"__proto__": {"query": "{ mine }"}}'), status: [400] },
  { name: 'the same key again and again', send: post(`{${Array.from({ length: 10_000 }, () => '"query":"{ nothing }"').join()}}`), status: [200, 400] },
  { name: 'a body above the limit', send: post(JSON.stringify({ query: '{ mine }', pad: 'x'.repeat(600_000) })), status: [413, 0] },
  { name: 'a body that says it is above the limit', send: raw(head('Content-Type: application/json\r\nContent-Length: 99999999999')), status: [413] },
  { name: 'a body without end in pieces', send: raw(`${head('Content-Type: application/json\r\nTransfer-Encoding: chunked')}`, () => `10000\r\n${'x'.repeat(0x10000)}\r\n`), status: [413, 0] },
  { name: 'a gzip bomb', send: post(gzipSync(Buffer.alloc(50_000_000)), { ...JSON_TYPE, 'content-encoding': 'gzip' }), status: [415] },
  { name: 'a deflate bomb', send: post(deflateSync(Buffer.alloc(50_000_000)), { ...JSON_TYPE, 'content-encoding': 'deflate' }), status: [415] },
  { name: 'layers of compression', send: post(gzipSync(gzipSync(QUERY)), { ...JSON_TYPE, 'content-encoding': 'gzip, gzip' }), status: [415] },
];

const HEADS: readonly RequestCase[] = [
  { name: 'a mutation by GET', send: get(`query=${encodeURIComponent('mutation { rename(id: 1, name: "x") { id } }')}`, { 'apollo-require-preflight': '1', 'x-api-key': 'checkout:write' }), status: [405] },
  { name: 'a mutation by GET as an event stream', send: get(`query=${encodeURIComponent('mutation { rename(id: 1, name: "x") { id } }')}`, { accept: 'text/event-stream', 'x-api-key': 'checkout:write' }), status: [405] },
  { name: 'a query by GET from a page that has not asked', send: get(`query=${encodeURIComponent('{ item(id: 1) { id } }')}`), status: [400] },
  { name: 'a subscription by plain POST', send: post(JSON.stringify({ query: 'subscription { stockChanged(skus: ["A"]) { id } }' }), { ...JSON_TYPE, 'x-api-key': 'availability:read' }), status: [400] },
  { name: 'an event stream asked for nothing', send: get('', { accept: 'text/event-stream' }), status: [400] },
  { name: 'variables in the URL that are no JSON', send: get(`query=${encodeURIComponent('{ mine }')}&variables=%7B`, { accept: 'text/event-stream' }), status: [400] },
  { name: 'a URL of a hundred thousand letters', send: get(`query=${'x'.repeat(100_000)}`, { 'apollo-require-preflight': '1' }), status: [414, 431, 0] },
  { name: 'headers of a hundred thousand letters', send: raw(head(`X-Pad: ${'x'.repeat(100_000)}`, 'GET /graphql')), status: [431, 0] },
  { name: 'a thousand headers', send: raw(head(Array.from({ length: 1_000 }, (_, index) => `X-H${index}: 1`).join('\r\n'), 'GET /graphql')), status: [431] },
  { name: 'two lengths in one request', send: raw(head('Content-Type: application/json\r\nContent-Length: 5\r\nContent-Length: 50') + QUERY), status: [400] },
  { name: 'a length and pieces, to be read two ways', send: raw(head(`Content-Type: application/json\r\nContent-Length: ${QUERY.length}\r\nTransfer-Encoding: chunked`) + QUERY), status: [400] },
  { name: 'a line break in a header', send: raw(head('X-Locale: en\r\n : x', 'GET /graphql')), status: [400] },
  { name: 'an unknown method', send: raw(head('Content-Length: 0', 'BREW /graphql')), status: [400, 404, 405] },
  { name: 'a path out of the house', send: raw(head('', 'GET /../../../../etc/passwd')), status: [400, 404] },
  { name: 'a path out of the house in disguise', send: (url) => ask(url, {}, '/media/..%2f..%2f..%2fetc%2fpasswd'), status: [400, 403, 404] },
  { name: 'credentials of a thousand letters', send: post(QUERY, { ...JSON_TYPE, 'x-api-key': `wrong${'x'.repeat(8_000)}` }), status: [401] },
  { name: 'a token of another kind', send: post(QUERY, { ...JSON_TYPE, authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.' }), status: [401] },
  { name: 'a locale that is a path', send: post(QUERY, { ...JSON_TYPE, 'x-locale': '../../etc' }), status: [400] },
  { name: 'metrics without the role', send: (url) => ask(url, {}, '/metrics'), status: [401, 403], silent: true },
  { name: 'the operators\' pages without the role', send: (url) => ask(url, { method: 'POST' }, '/operations/resync'), status: [401, 403] },
];

const SLOW: readonly RequestCase[] = [
  { name: 'headers that come a letter at a time', send: raw('POST /graphql HTTP/1.1\r\nHost: localhost\r\nX-Slow: ', () => 'x'), status: [408, 0], silent: true },
  { name: 'a body that comes a letter at a time', send: raw(head('Content-Type: application/json\r\nContent-Length: 400000'), () => ' '), status: [408, 0], silent: true },
  { name: 'a connection that says nothing at all', send: raw(''), status: [408, 0], silent: true },
];

export const REQUEST_CASES: readonly RequestCase[] = [...BODIES, ...HEADS];
export const SLOW_CASES: readonly RequestCase[] = SLOW;

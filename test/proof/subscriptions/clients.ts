import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { Witness } from './witness.ts';

/*
 * A process of clients: half speak graphql-transport-ws with the client of graphql-ws, half read event streams. clients.ts <how many>
 * <first number> <leaves after ms> <SKUs> <url...>. On "testify" each says what it has been told.
 */

const [count = '', first = '', leavesAfter = '', skuText = '', ...urls] = process.argv.slice(2);
const LEAVES_AFTER_MS = Number(leavesAfter);
const skus = skuText.split(',');
const KEY = 'order:read,order:read:all,availability:read';
const STOCK = 'subscription ($skus: [ID!]!, $after: String) { stockChanged(skus: $skus, after: $after) { cursor variant { sku figure } } }';
const SHIPMENTS = 'subscription ($after: String) { shipmentUpdated(after: $after) { cursor number } }';

interface Told {
  readonly data?: { readonly stockChanged?: { readonly cursor: string; readonly variant: { readonly sku: string; readonly figure: number } }; readonly shipmentUpdated?: { readonly cursor: string; readonly number: number } } | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
  readonly extensions?: { readonly lagged?: { readonly to: string } };
}

/** Takes a result to the witness. Answers the cursor to resume from; null: the one before. */
function take(witness: Witness, query: string, { data, errors, extensions }: Told): string | null {
  const isGap = errors?.[0]?.extensions?.code === 'LAGGED';
  if (extensions?.lagged) witness.lagged(extensions.lagged.to, query === SHIPMENTS);
  if (errors && !isGap) {
    // One that could not be shown was told all the same, and without its number: it counts as missing, which it is.
    witness.surprise(JSON.stringify(errors));
    return null;
  }
  if (data?.stockChanged) witness.stock(data.stockChanged.variant.sku, data.stockChanged.variant.figure);
  if (data?.shipmentUpdated) witness.shipment(data.shipmentUpdated.number, data.shipmentUpdated.cursor);
  return data?.stockChanged?.cursor ?? data?.shipmentUpdated?.cursor ?? null;
}

/** How a node says that it cannot go on now. */
const COME_BACK = ['SLOW_CONSUMER', 'UPSTREAM_UNAVAILABLE'];

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const RETRY_MS = 100;
/** Now and then a client is away for longer: what happens meanwhile it reads from the log. */
const away = (): number => (Math.random() < 0.1 ? 3_000 : 50);

function speakWebSocket(witness: Witness, turn: number, mine: readonly string[]): void {
  let next = turn;
  const client = createClient({
    url: () => `${urls[(next += 1) % urls.length]!.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, connectionParams: { 'x-api-key': KEY },
    retryAttempts: Infinity, retryWait: () => pause(RETRY_MS), shouldRetry: () => true, keepAlive: 2_000,
  });
  let socket: WebSocket | null = null;
  client.on('connected', (opened) => (socket = opened as WebSocket));
  client.on('closed', () => (witness.reconnects += 1));
  for (const [query, variables] of [[STOCK, { skus: mine, after: null }], [SHIPMENTS, { after: null }]] as const) {
    const given: Record<string, unknown> = { ...variables };
    const subscribe = (): void => void client.subscribe<NonNullable<Told['data']>>({ query, variables: given }, {
      // The client repeats the operation when it connects again, with its variables as they are by then.
      next: (told) => void (given['after'] = take(witness, query, told as Told) ?? given['after']),
      error: (error) => {
        if (!COME_BACK.includes((error as Told['errors'])?.[0]?.extensions?.code ?? '')) witness.surprise(`ended: ${JSON.stringify(error)}`);
        setTimeout(subscribe, RETRY_MS);
      },
      complete: () => witness.surprise('completed'),
    });
    subscribe();
  }
  const leave = async (): Promise<void> => {
    for (;;) {
      await pause(LEAVES_AFTER_MS * (0.5 + Math.random()));
      // As a network does that goes away.
      socket?.terminate();
    }
  };
  if (LEAVES_AFTER_MS > 0) void leave();
}

async function readStream(witness: Witness, turn: number, query: string, variables: object): Promise<never> {
  let lastEventId: string | null = null;
  for (let next = turn; ; next += 1) {
    const controller = new AbortController();
    const leaving = LEAVES_AFTER_MS > 0 ? setTimeout(() => controller.abort(), LEAVES_AFTER_MS * (0.5 + Math.random())) : undefined;
    try {
      const response = await fetch(`${urls[next % urls.length]}/graphql`, {
        method: 'POST', signal: controller.signal, body: JSON.stringify({ query, variables }),
        headers: { 'content-type': 'application/json', accept: 'text/event-stream', 'x-api-key': KEY, ...(lastEventId && { 'last-event-id': lastEventId }) },
      });
      let text = '';
      for await (const chunk of response.body!.pipeThrough(new TextDecoderStream()) as unknown as AsyncIterable<string>) {
        text += chunk;
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          const event = text.slice(0, end);
          text = text.slice(end + 2);
          const data = /^data: (.+)$/m.exec(event)?.[1];
          const told = data ? (JSON.parse(data) as Told) : null;
          if (told && !COME_BACK.includes(told.errors?.[0]?.extensions?.code ?? '')) take(witness, query, told);
          lastEventId = /^id: (.+)$/m.exec(event)?.[1] ?? lastEventId;
        }
      }
    } catch {
      // A node that is away, or the client itself that leaves.
    }
    clearTimeout(leaving);
    witness.reconnects += 1;
    await pause(LEAVES_AFTER_MS > 0 ? away() : RETRY_MS);
  }
}

const witnesses = Array.from({ length: Number(count) }, (_, index) => {
  const witness = new Witness();
  const turn = Number(first) + index;
  // Four audiences of stock: who asks the same shares a group with others.
  const mine = skus.filter((_sku, n) => n % 4 === turn % 4);
  if (index % 2 === 0) speakWebSocket(witness, turn, mine);
  else {
    void readStream(witness, turn, STOCK, { skus: mine });
    void readStream(witness, turn, SHIPMENTS, {});
  }
  return witness;
});
process.on('message', () => process.send!(witnesses.map((witness) => witness.testify())));
process.on('disconnect', () => process.exit(0));

import type { Mutation } from './mutation.ts';

const HOLDS = 'subgraphs/inventory/holds';
const SUPPLY = 'subgraphs/inventory/supply';
const LOCKS = 'subgraphs/inventory/sku-lock.ts';

const CONCURRENCY: readonly Mutation[] = [
  {
    name: 'check-then-act', mistake: 'stock is looked at, then taken, without a lock in between',
    edits: [{ file: LOCKS, find: ') order by sku for no key update`);', replace: ') order by sku`);' }],
  },
  {
    name: 'locks in any order', mistake: 'SKUs are locked in the order of their hash',
    edits: [{ file: LOCKS, find: ') order by sku for no key update`);', replace: ') order by md5(sku || random()::text) for no key update`);' }],
  },
  {
    name: 'key kept by looking', mistake: 'whether a key was answered before is read, and no index keeps two from finding nothing at once',
    edits: [{ file: 'subgraphs/inventory/migrations/0003-holds-in-batches.ts', find: 'create unique index hold_key', replace: 'create index hold_key' }],
  },
  {
    name: 'neighbours in a batch not counted', mistake: 'requests decided together each see all of the stock',
    edits: [{ file: `${HOLDS}/decide.ts`, find: 'const uses = planner.take(lines, question.channel);', replace: 'const uses: readonly ChannelUse[] = [];' }],
  },
];

const EXPIRY: readonly Mutation[] = [
  {
    name: 'expiry by application clock', mistake: 'a hold is committed when it has not expired by the clock of the process that asks',
    edits: [
      { file: `${HOLDS}/transitions.ts`, find: `state = 'HELD' and expires_at > statement_timestamp()\`);`, replace: `state = 'HELD' and expires_at > $3::timestamptz\`);` },
      { file: `${HOLDS}/transitions.ts`, find: 'tx.run(COMMIT, [request.holdId, request.orderReference])', replace: 'tx.run(COMMIT, [request.holdId, request.orderReference, instant(tools.clock.now())])' },
    ],
  },
  {
    name: 'expired hold committed', mistake: 'only the state is compared: what the timer has not written down yet has not expired',
    edits: [{ file: `${HOLDS}/transitions.ts`, find: `state = 'HELD' and expires_at > statement_timestamp()\`);`, replace: `state = 'HELD'\`);` }],
  },
];

const BOOKS: readonly Mutation[] = [
  {
    name: 'double release', mistake: 'a hold that is released twice is given back twice; the index that would stop it is gone too',
    edits: [
      { file: `${HOLDS}/transitions.ts`, find: `where id = $1 and state = 'HELD' returning state`, replace: `where id = $1 and state in ('HELD', 'RELEASED', 'EXPIRED') returning state` },
      { file: `${HOLDS}/store-ledger.ts`, find: 'line.sku = due.sku) and line.open', replace: 'line.sku = due.sku)' },
      { file: 'subgraphs/inventory/migrations/0001-stock-holds-and-feeds.ts', find: 'create unique index ledger_once_out', replace: 'create index ledger_once_out' },
    ],
  },
  {
    name: 'ended hold given back again', mistake: 'a hold that is replaced after it expired is added to the stock once more',
    edits: [{ file: `${HOLDS}/replacement.ts`, find: `return hold.state === 'HELD' ? hold : null;`, replace: 'return hold;' }],
  },
  {
    name: 'order released', mistake: 'releasing a hold does not ask whether an order has it by now',
    edits: [{ file: `${HOLDS}/transitions.ts`, find: `where id = $1 and state = 'HELD' returning state`, replace: `where id = $1 and state in ('HELD', 'COMMITTED') returning state` }],
  },
  {
    name: 'kit not summed', mistake: 'two lines that need the same component hold it once',
    edits: [{ file: `${HOLDS}/decide.ts`, find: 'other ? { ...other, quantity: add(other.quantity, take.quantity)', replace: 'other ? { ...other, quantity: take.quantity' }],
  },
  {
    name: 'own hold counted', mistake: 'the hold that is to be replaced takes from the stock its owner asks for',
    edits: [{ file: `${HOLDS}/decide.ts`, find: 'if (givesBack.length === 0) return', replace: 'if (givesBack.length >= 0) return' }],
  },
];

const OFFSET: readonly Mutation[] = [
  {
    name: 'early offset', mistake: 'an order leaves the ledger when the ERP has taken it, not when its figures show it',
    edits: [{ file: `${SUPPLY}/store-offsets.ts`, find: `'hold.accepted_at + (select inventory.clock_margin())'`, replace: `'hold.accepted_at - interval \\'1 hour\\''` }],
  },
  {
    name: 'clocks believed', mistake: 'a reading dated after the acceptance counts, however far the clocks may be apart',
    edits: [{ file: `${SUPPLY}/store-offsets.ts`, find: `'hold.accepted_at + (select inventory.clock_margin())'`, replace: `'hold.accepted_at'` }],
  },
  {
    name: 'late offset', mistake: 'an order stays in the ledger although the figures contain it',
    edits: [{ file: `${SUPPLY}/store-offsets.ts`, find: `'hold.accepted_at + (select inventory.clock_margin())'`, replace: `'hold.accepted_at + interval \\'1 day\\''` }],
  },
  {
    name: 'stale snapshot applied', mistake: 'what arrives last wins, whenever it was read',
    edits: [{ file: `${SUPPLY}/store-stock.ts`, find: `coalesce(\${version('i')} > \${version('stock')}, true) as newer`, replace: 'true as newer' }],
  },
];

const SHARES: readonly Mutation[] = [
  {
    name: 'channel share ignored', mistake: 'a hold is limited by what there is, whatever others have a share of',
    edits: [{ file: 'subgraphs/inventory/promise/sku-supply.ts', find: '  if (limits === null) return stock;', replace: '  if (limits === null || on === null) return stock;' }],
  },
  {
    name: 'use not given back', mistake: 'what is released, replaced or cancelled still counts against its channel: only the timer gives back',
    edits: [{ file: 'subgraphs/inventory/channels/store-use.ts', find: `delete from inventory.channel_use_line where $3 <> 'OFFSET'`, replace: `delete from inventory.channel_use_line where $3 = 'EXPIRED'` }],
  },
  {
    name: 'use of orders given back', mistake: 'an order that the figures contain no longer counts against its channel, which may sell its share again',
    edits: [{ file: 'subgraphs/inventory/channels/store-use.ts', find: `delete from inventory.channel_use_line where $3 <> 'OFFSET'`, replace: 'delete from inventory.channel_use_line where $3::text is not null' }],
  },
];

const DAYS: readonly Mutation[] = [
  {
    name: 'dated hold forgotten', mistake: 'what is held for a day is not taken off what the location will have',
    edits: [{ file: `${SUPPLY}/store-positions.ts`, find: '[...(level?.issues ?? []), ...heldDated]', replace: '[...(level?.issues ?? [])]' }],
  },
];

export const MUTATIONS: readonly Mutation[] = [...CONCURRENCY, ...EXPIRY, ...BOOKS, ...OFFSET, ...SHARES, ...DAYS];

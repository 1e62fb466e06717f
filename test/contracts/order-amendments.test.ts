import { afterAll, describe, expect, it } from 'vitest';
import { decimal, type Decimal } from '../../domain/decimal.ts';
import type { OrderChange } from '../../domain/order-changes.ts';
import type { NewOrder } from '../../domain/orders.ts';
import { calendarDate } from '../../domain/time.ts';
import { dropKits, makeKit, makesKits } from './erp-desk.ts';
import { deliveriesOf, lineOf, movesOf, newOrder, pick, ship } from './order-desk.ts';
import { call, openTargets } from './targets.ts';

const address = (line1: string, city = 'Hamburg') => ({ name: line1, company: null, line1, line2: null, city, region: null, postalCode: '20457', countryCode: 'DE', phone: null });

for (const { name, connector, seededOn, desk, sandbox } of await openTargets()) {
  const { orders, customers, shipments } = connector;
  if (orders?.amendOrder === undefined || orders.readPicking === undefined || customers === undefined || shipments === undefined || seededOn === null || desk === null) continue;
  const created: string[] = [];
  const place = async (over: Partial<NewOrder> = {}) => {
    const placed = await orders.createOrder(await newOrder(connector, [lineOf(1, 'CUP-ESP', '5', '17.01', { taxes: [] }), lineOf(2, 'MUG-02', '3', '0', { taxes: [] })], over), call());
    created.push(placed.id);
    return placed;
  };
  const cups = (quantity: string) => ({ lineNumber: 1, sku: 'CUP-ESP', quantity: decimal(quantity) });
  const mugs = (quantity: string) => ({ lineNumber: 2, sku: 'MUG-02', quantity: decimal(quantity) });
  const amend = (id: string, change: OrderChange) => orders.amendOrder!(id, change, call());
  const demand = async (id: string) => Object.fromEntries([...(await movesOf(desk, id))].map(([line, moves]) => [line, moves.map((move) => [move.product_uom_qty, move.quantity, move.state])]));
  const quantities = (order: { readonly lines: readonly { readonly quantity: Decimal }[] }) => order.lines.map((line) => line.quantity);

  /** What has left stays; the rest would be in the way of suites that count stock. */
  const putAway = async () => {
    for (const id of created.splice(0)) await orders.cancelOrder?.(id, call()).catch(() => undefined);
  };

  describe(`changes of confirmed orders of ${name}`, () => {
    afterAll(putAway);

    it('lower and raise lines: price and discount stay ours, the warehouse moves and reserves as much', async () => {
      const { id } = await place();
      const lowered = await amend(id, { lines: [cups('2')] });
      expect(lowered).toMatchObject({ kind: 'APPLIED', order: { state: 'CONFIRMED', total: { amount: '34.02' } } });
      expect(await demand(id)).toEqual({ 1: [[2, 2, 'assigned']], 2: [[3, 3, 'assigned']] });
      const raised = await amend(id, { lines: [cups('7'), mugs('4')] });
      expect(raised).toMatchObject({ kind: 'APPLIED', order: { total: { amount: '119.07' } } });
      expect(await demand(id)).toEqual({ 1: [[7, 7, 'assigned']], 2: [[4, 4, 'assigned']] });
      expect(await deliveriesOf(desk, id)).toHaveLength(1);
    });

    it('cancel a line, and bring it back', async () => {
      const { id } = await place();
      expect(quantities((await amend(id, { lines: [cups('0')] })).order)).toEqual(['0', '3']);
      expect(await demand(id)).toEqual({ 1: [], 2: [[3, 3, 'assigned']] });
      expect(quantities((await amend(id, { lines: [cups('1')] })).order)).toEqual(['1', '3']);
      expect(await demand(id)).toEqual({ 1: [[1, 1, 'assigned']], 2: [[3, 3, 'assigned']] });
      await amend(id, { lines: [cups('0'), mugs('0')] });
      expect((await deliveriesOf(desk, id)).map(({ state }) => state)).toEqual(['cancel']);
    });

    it('move address and day, of what has not left', async () => {
      const { id } = await place({ shipTo: address('Common quay 1'), requestedOn: calendarDate('2026-12-24') });
      const outcome = await amend(id, { lines: [], shipTo: address('Amended quay 4'), requestedOn: calendarDate('2026-12-28') });
      expect(outcome).toMatchObject({ kind: 'APPLIED' });
      expect(await deliveriesOf(desk, id)).toMatchObject([{ partner_id: [expect.any(Number), expect.stringContaining('Amended quay 4')], scheduled_date: '2026-12-28 12:00:00' }]);
      await amend(id, { lines: [], requestedOn: null });
      const [row] = await desk<{ commitment_date: string | false }[]>('sale.order', 'read', { ids: [Number(id)], fields: ['commitment_date'] });
      expect(row!.commitment_date).toBe(false);
    });

    it('sent twice change nothing more, also once somebody picks', async () => {
      const { id } = await place();
      const change: OrderChange = { lines: [cups('4')], shipTo: address('Amended quay 5'), requestedOn: calendarDate('2026-12-29') };
      const first = await amend(id, change);
      expect(first.kind).toBe('APPLIED');
      expect(await amend(id, change)).toEqual(first);
      await pick(desk, id, 1);
      expect(await amend(id, change)).toMatchObject({ kind: 'APPLIED' });
      expect(await deliveriesOf(desk, id)).toHaveLength(1);
    });

    it('are refused for what is being picked, whole: nothing of them is written', async () => {
      const { id } = await place();
      expect(await orders.readPicking!(id, call())).toEqual({
        started: false, detail: null, lines: [{ sku: 'CUP-ESP', picked: '0', shipped: '0' }, { sku: 'MUG-02', picked: '0', shipped: '0' }],
      });
      await pick(desk, id, 1);
      expect(await orders.readPicking!(id, call())).toMatchObject({ started: true, detail: expect.stringContaining('is being picked') as string, lines: [{ sku: 'CUP-ESP', picked: '5' }, { picked: '0' }] });
      const changes: readonly OrderChange[] = [{ lines: [cups('1'), mugs('1')] }, { lines: [], shipTo: address('Amended quay 6') }, { lines: [], requestedOn: calendarDate('2026-12-30') }];
      for (const change of changes) {
        const outcome = await amend(id, change);
        expect(outcome).toMatchObject({ kind: 'REFUSED', reason: 'PICKING_STARTED' });
        expect(quantities(outcome.order)).toEqual(['5', '3']);
      }
      expect(await amend(id, { lines: [mugs('1')] })).toMatchObject({ kind: 'APPLIED' });
    });

    it('are refused for what is printed to be picked', async () => {
      const { id } = await place();
      await desk('stock.picking', 'write', { ids: (await deliveriesOf(desk, id)).map((picking) => picking.id), vals: { printed: true } });
      expect(await amend(id, { lines: [cups('1')] })).toMatchObject({ kind: 'REFUSED', reason: 'PICKING_STARTED', detail: expect.stringContaining('printed') as string });
      expect((await orders.readPicking!(id, call())).started).toBe(true);
    });

    it('are refused for what has left; a whole order of which goods have left is not cancelled', async () => {
      const { id } = await place();
      await ship(desk, id, ['CUP-ESP', 'MUG-02'], 'MAIN/Stock');
      expect(await orders.readPicking!(id, call())).toMatchObject({ started: true, detail: expect.stringContaining('has left') as string, lines: [{ shipped: '5' }, { shipped: '3' }] });
      expect(await amend(id, { lines: [cups('2')] })).toMatchObject({ kind: 'REFUSED', reason: 'SHIPPED', order: { lines: [{ quantity: '5', delivered: '5' }, {}] } });
      expect(await amend(id, { lines: [cups('6')] })).toMatchObject({ kind: 'REFUSED', reason: 'SHIPPED' });
      expect(await amend(id, { lines: [], shipTo: address('Amended quay 7') })).toMatchObject({ kind: 'REFUSED', reason: 'SHIPPED' });
      expect(await amend(id, { lines: [cups('5')] })).toMatchObject({ kind: 'APPLIED' });
      await expect(orders.cancelOrder!(id, call())).rejects.toMatchObject({ code: 'UPSTREAM_REJECTED', vendorCode: 'shipped' });
      expect((await orders.findOrder((await amend(id, { lines: [] })).order.reference!, call()))?.state).toBe('CONFIRMED');
    });

    it.skipIf(sandbox === null)('that a picker overtakes are refused by what the order is then', async () => {
      const { id, number } = await place();
      const fault = sandbox!.faults.add({ kind: 'latency', latencyMs: 1_000, match: { model: 'sale.order', method: 'write' }, times: 1 });
      const outcome = amend(id, { lines: [cups('2')] });
      await expect.poll(() => sandbox!.faults.list().find((rule) => rule.id === fault.id)?.hits ?? 1).toBe(1);
      sandbox!.engine.execute('ship-order', { order: number });
      expect(await outcome).toMatchObject({ kind: 'REFUSED', reason: 'SHIPPED', detail: '5 of CUP-ESP have left', order: { lines: [{ quantity: '5', delivered: '5' }, {}] } });
    });

    it.skipIf(sandbox === null)('whose address a picker overtakes keep the old one on what has left', async () => {
      const { id, number } = await place({ shipTo: address('Common quay 1') });
      const fault = sandbox!.faults.add({ kind: 'latency', latencyMs: 1_000, match: { model: 'sale.order', method: 'write' }, times: 1 });
      const outcome = amend(id, { lines: [], shipTo: address('Amended quay 9') });
      await expect.poll(() => sandbox!.faults.list().find((rule) => rule.id === fault.id)?.hits ?? 1).toBe(1);
      sandbox!.engine.execute('ship-order', { order: number });
      expect(await outcome).toMatchObject({ kind: 'REFUSED', reason: 'SHIPPED' });
      expect(await deliveriesOf(desk, id)).toMatchObject([{ state: 'done', partner_id: [expect.any(Number), expect.stringContaining('Common quay 1')] }]);
    });

    it.skipIf(sandbox === null)('whose answer is lost are found done when they are sent again', async () => {
      const { id } = await place();
      const fault = sandbox!.faults.add({ kind: 'dropAfterProcessing', match: { model: 'sale.order', method: 'write' }, times: 1 });
      await expect(amend(id, { lines: [cups('0')] })).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
      sandbox!.faults.remove(fault.id);
      expect(await amend(id, { lines: [cups('0')] })).toMatchObject({ kind: 'APPLIED', order: { lines: [{ quantity: '0' }, { quantity: '3' }] } });
      expect(await demand(id)).toEqual({ 1: [], 2: [[3, 3, 'assigned']] });
    });

    it('of kits move as many of their components', async ({ skip }) => {
      if (!(await makesKits(desk))) skip();
      const boms = [await makeKit(desk, 'STAPLER', [{ sku: 'MUG-02', quantity: 2 }])];
      try {
        const { id } = await place({ lines: [lineOf(1, 'STAPLER', '3', '16.75', { taxes: [] })] });
        const staplers = (quantity: string) => ({ lines: [{ lineNumber: 1, sku: 'STAPLER', quantity: decimal(quantity) }] });
        for (const [quantity, moved] of [['2', 4], ['5', 10]] as const) {
          expect(await amend(id, staplers(quantity))).toMatchObject({ kind: 'APPLIED', order: { lines: [{ quantity }] } });
          expect(await demand(id)).toEqual({ 1: [[moved, moved, 'assigned']] });
        }
        await orders.cancelOrder!(id, call());
      } finally {
        await dropKits(desk, boms);
      }
    });

    it('of cancelled orders and unknown lines are refused', async () => {
      const { id } = await place();
      expect(await amend(id, { lines: [{ lineNumber: 9, sku: 'STAPLER', quantity: decimal('1') }] })).toMatchObject({ kind: 'REFUSED', reason: 'OTHER' });
      await orders.cancelOrder!(id, call());
      expect(await amend(id, { lines: [cups('1')] })).toMatchObject({ kind: 'REFUSED', reason: 'CANCELLED', order: { state: 'CANCELLED' } });
    });
  });

  describe(`lines with an address of their own of ${name}`, () => {
    afterAll(putAway);

    const two = async () => {
      const order = await newOrder(connector, [lineOf(1, 'CUP-ESP', '5', '17.01'), lineOf(2, 'MUG-02', '3', '10', { shipTo: address('Own pier 1') }), lineOf(3, 'HAM-16', '2', '22', { shipTo: address('Own pier 2') })], { shipTo: address('Common quay 1') });
      const placed = await orders.createOrder(order, call());
      created.push(placed.id);
      await orders.splitDeliveries!(placed.id, order, call());
      return { order, id: placed.id };
    };
    const places = async (id: string) => (await deliveriesOf(desk, id)).map(({ state, partner_id: partner }) => [state, partner ? partner[1].split(', ').at(-1) : null]);
    const THREE = [['assigned', 'Common quay 1'], ['assigned', 'Own pier 1'], ['assigned', 'Own pier 2']];

    it('leave as shipments of their own, once', async () => {
      const { order, id } = await two();
      expect(await places(id)).toEqual(THREE);
      expect(await demand(id)).toEqual({ 1: [[5, 5, 'assigned']], 2: [[3, 3, 'assigned']], 3: [[2, 2, 'assigned']] });
      await orders.splitDeliveries!(id, order, call());
      expect(await places(id)).toEqual(THREE);
      const listed = await shipments.listShipments({ cursor: null, since: null, limit: 500 }, call());
      expect(listed.rejected).toEqual([]);
    });

    it('are changed where they are; the order\'s address moves the others only', async () => {
      const { id } = await two();
      expect(await amend(id, { lines: [mugs('1'), cups('6')], shipTo: address('Amended quay 8') })).toMatchObject({ kind: 'APPLIED' });
      expect(await places(id)).toEqual([['assigned', 'Amended quay 8'], THREE[1], THREE[2]]);
      expect(await demand(id)).toEqual({ 1: [[6, 6, 'assigned']], 2: [[1, 1, 'assigned']], 3: [[2, 2, 'assigned']] });
    });

    it('that all go to one address have the order\'s shipment go there', async () => {
      const order = await newOrder(connector, [lineOf(1, 'CUP-ESP', '1', '17.01', { shipTo: address('Own pier 3') })]);
      const { id } = await orders.createOrder(order, call());
      created.push(id);
      await orders.splitDeliveries!(id, order, call());
      expect(await places(id)).toEqual([['assigned', 'Own pier 3']]);
    });

    it('stay where they are once somebody picks, and that is said', async () => {
      const order = await newOrder(connector, [lineOf(1, 'CUP-ESP', '1', '17.01'), lineOf(2, 'MUG-02', '1', '10', { shipTo: address('Own pier 4') })]);
      const { id } = await orders.createOrder(order, call());
      created.push(id);
      await pick(desk, id, 2);
      await expect(orders.splitDeliveries!(id, order, call())).rejects.toMatchObject({ code: 'UPSTREAM_REJECTED', message: expect.stringContaining('is being picked') as string });
    });
  });
}

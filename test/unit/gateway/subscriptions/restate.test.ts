import { readFileSync } from 'node:fs';
import { parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { globalId } from '../../../../domain/ids.ts';
import { instant } from '../../../../domain/time.ts';
import { loadSupergraph } from '../../../../gateway/execution/planning/supergraph.ts';
import { orderUpdated, shipmentUpdated } from '../../../../subgraphs/orders/following/subscriptions.ts';

const AT = instant(0);
const orderId = globalId('Order', 'o1');
const { apiSchema } = loadSupergraph(readFileSync('schema/supergraph.graphql', 'utf8'));

const SHIPMENTS = [{ id: globalId('Shipment', 's1'), customerMayBeTold: true }, { id: globalId('Shipment', 's2'), customerMayBeTold: false }];

describe('what is told of orders where events are missing', () => {
  it('is the shipments of the one order as the graph has them, by a query that the graph answers', async () => {
    const ask = async (source: string, variables: object) => {
      expect(validate(apiSchema, parse(source))).toEqual([]);
      expect(variables).toEqual({ id: orderId });
      return { order: { shipments: SHIPMENTS } };
    };
    const told = async (onlyTellable: boolean) => (await shipmentUpdated.restate!({ orderId, onlyTellable }, AT, ask)).map(({ shipmentId }) => shipmentId);
    expect([await told(false), await told(true)]).toEqual([['s1', 's2'], ['s1']]);
    expect(await shipmentUpdated.restate!({ orderId }, AT, async () => ({ order: null }))).toEqual([]);
  });

  it('is the one order; of every order nothing can be told', async () => {
    const ask = () => Promise.reject(new Error('nothing need be asked'));
    expect(await orderUpdated.restate!({ orderId }, AT, ask)).toMatchObject([{ type: 'order.changed', orderId: 'o1', at: AT }]);
    expect([await orderUpdated.restate!({}, AT, ask), await shipmentUpdated.restate!({}, AT, ask)]).toEqual([[], []]);
  });
});

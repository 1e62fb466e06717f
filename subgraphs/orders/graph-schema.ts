import type { GraphQLSchema } from 'graphql';
import { buildFederatedSchema } from '../frame/federated-schema.ts';
import { ChangedOrderResolver, OrderChangeMutationResolver, OrderChangeResolver } from './changes/resolvers.ts';
import type { OrdersContext } from './context.ts';
import { CarrierNewsMutationResolver, CreditMemoLineResolver, CreditMemoResolver, CreditMemosOfOrderResolver } from './following/resolvers.ts';
import { OrderMarginResolver } from './finance/resolvers.ts';
import { HistoryMutationResolver } from './history/resolvers.ts';
import { OrderLineMoneyResolver, OrderMoneyResolver } from './money/resolvers.ts';
import { OrderAlertResolver } from './alerts/resolvers.ts';
import { CodeMappingResolver } from './codes/resolvers.ts';
import { ResolutionMutationResolver } from './resolution/resolvers.ts';
import { OrderIssueResolver } from './resolution/resolvers-issues.ts';
import { references } from './references.ts';
import { OrderConnectionResolver, OrderLineResolver, OrderResolver } from './resolvers-order.ts';
import { OrderMutationResolver, OrderQueryResolver, OrderSubscriptionResolver } from './resolvers-root.ts';
import { OrdersOfCompanyResolver, OrdersOfCustomerResolver } from './reading/resolvers-buyer.ts';
import { ShipmentLineResolver, ShipmentResolver } from './resolvers-shipment.ts';
import { ReturnLineResolver, ReturnRefundResolver, ReturnResolver, ReturnsOfOrderResolver } from './returns/resolvers-return.ts';
import { ReturnMutationResolver, ReturnQueryResolver } from './returns/resolvers.ts';

/** The graph of orders: every room's resolvers. */
export const buildSchema = (): Promise<GraphQLSchema> =>
  buildFederatedSchema<OrdersContext>({
    resolvers: [
      OrderQueryResolver, OrderMutationResolver, OrderSubscriptionResolver, OrderResolver, OrderLineResolver, OrderConnectionResolver,
      ReturnQueryResolver, ReturnMutationResolver, ReturnResolver, ReturnLineResolver, ReturnRefundResolver, ReturnsOfOrderResolver,
      CarrierNewsMutationResolver, CreditMemosOfOrderResolver, CreditMemoResolver, CreditMemoLineResolver, OrdersOfCustomerResolver, OrdersOfCompanyResolver,
      ShipmentResolver, ShipmentLineResolver, OrderMarginResolver, OrderAlertResolver, OrderMoneyResolver, OrderLineMoneyResolver, HistoryMutationResolver,
      OrderChangeMutationResolver, ChangedOrderResolver, OrderChangeResolver,
      CodeMappingResolver, ResolutionMutationResolver, OrderIssueResolver,
    ],
    orphanedTypes: [],
    references,
  });

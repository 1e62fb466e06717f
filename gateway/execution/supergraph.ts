import { Supergraph as ComposedSupergraph, operationFromDocument } from '@apollo/federation-internals';
import { QueryPlanner, type QueryPlan } from '@apollo/query-planner';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { readInterfaceObjects, readTypeRelations, type TypeRelations } from './type-relations.ts';

/** A composed graph, ready to plan operations. */
export interface Supergraph {
  readonly sdl: string;
  /** What clients see: no federation machinery, nothing @inaccessible. */
  readonly apiSchema: GraphQLSchema;
  readonly subgraphs: readonly { readonly name: string; readonly url: string }[];
  /** Subtypes over the whole supergraph, including what clients cannot see. */
  readonly types: TypeRelations;
  /** Interfaces that some subgraph knows as an @interfaceObject. */
  readonly interfaceObjects: ReadonlySet<string>;
  /**
   * Plans the only operation of a document that is valid against `apiSchema`. Throws.
   * @param byType keeps fetches of one path apart by the types above it: exact where a response key depends on such a
   *   type, at the price of more requests
   */
  buildPlan(document: DocumentNode, byType: boolean): QueryPlan;
}

/** Fragments arrive inlined, so there are none to reuse. */
const PLANNER = { reuseQueryFragments: false } as const;

/**
 * Reads any Federation 2 supergraph. `supportedFeatures: null` accepts every `@link(for: SECURITY)`: authorisation
 * is enforced by the gateway in front of this executor, so such a supergraph is not refused here.
 */
export function loadSupergraph(sdl: string): Supergraph {
  const composed = ComposedSupergraph.build(sdl, { supportedFeatures: null, validateSupergraph: true });
  const apiSchema = composed.apiSchema();
  const planner = new QueryPlanner(composed, PLANNER);
  let plannerByType: QueryPlanner | undefined;
  const pickPlanner = (byType: boolean): QueryPlanner =>
    byType ? (plannerByType ??= new QueryPlanner(composed, { ...PLANNER, typeConditionedFetching: true })) : planner;
  return {
    sdl,
    apiSchema: apiSchema.toGraphQLJSSchema(),
    subgraphs: composed.subgraphsMetadata().map(({ name, url }) => ({ name, url })),
    types: readTypeRelations(composed.schema),
    interfaceObjects: readInterfaceObjects(composed.schema),
    buildPlan: (document, byType) =>
      pickPlanner(byType).buildQueryPlan(operationFromDocument(apiSchema, document, { validate: false })),
  };
}

import { Supergraph as ComposedSupergraph, operationFromDocument } from '@apollo/federation-internals';
import { QueryPlanner, type QueryPlan } from '@apollo/query-planner';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { refuseUnknownFeatures } from './known-features.ts';
import { planInOrder } from './mutation-order.ts';
import { readOverrideLabels, type OverrideLabel } from './override-labels.ts';
import { createPlanRepair, repairPlan } from './plan-repair.ts';
import { createPlanningSchema, type StandIn } from './stand-in-fields.ts';
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
  /** Names of all fields a plan may fetch, including those clients cannot see. */
  readonly fieldNames: ReadonlySet<string>;
  /** Fields that only plans fetch (stand-in-fields.ts). */
  readonly standIns: ReadonlyMap<string, StandIn>;
  /** Labels of progressive overrides. */
  readonly overrideLabels: readonly OverrideLabel[];
  /** Plans the only operation of a document that is valid against `apiSchema`. Throws. */
  buildPlan(document: DocumentNode, options?: PlanOptions): QueryPlan;
}

export interface PlanOptions {
  /**
   * Keeps fetches of one path apart by the types above it: exact where a response key depends on such a type, at the
   * price of more requests.
   */
  readonly byType?: boolean;
  /** Values of override labels; those that are absent are off. */
  readonly labels?: ReadonlyMap<string, boolean>;
}

/** Fragments arrive inlined, so there are none to reuse. */
const PLANNER = { reuseQueryFragments: false } as const;

/** The supergraph with stand-ins has @external fields that nothing uses any more. The one it was made of is checked. */
const UNCHECKED = { supportedFeatures: null, validateSupergraph: false } as const;

/**
 * Reads any Federation 2 supergraph. @throws Error when it is none, or links a feature that nothing here enforces;
 * `supportedFeatures: null`, because the list of those is ours (known-features.ts).
 */
export function loadSupergraph(sdl: string): Supergraph {
  refuseUnknownFeatures(sdl);
  const composed = ComposedSupergraph.build(sdl, { supportedFeatures: null, validateSupergraph: true });
  const planning = createPlanningSchema(sdl);
  const planned = planning.standIns.size === 0 ? composed : ComposedSupergraph.build(planning.sdl, UNCHECKED);
  const planner = new QueryPlanner(planned, PLANNER);
  let plannerByType: QueryPlanner | undefined;
  const repair = createPlanRepair(planning);
  return {
    sdl,
    apiSchema: composed.apiSchema().toGraphQLJSSchema(),
    subgraphs: composed.subgraphsMetadata().map(({ name, url }) => ({ name, url })),
    types: readTypeRelations(composed.schema),
    interfaceObjects: readInterfaceObjects(composed.schema),
    fieldNames: planning.definitions.fieldNames,
    standIns: planning.standIns,
    overrideLabels: readOverrideLabels(planning.definitions),
    buildPlan(document, { byType = false, labels } = {}) {
      const picked = byType ? (plannerByType ??= new QueryPlanner(planned, { ...PLANNER, typeConditionedFetching: true })) : planner;
      const overrides = labels ? { overrideConditions: new Map(labels) } : {};
      const plan = planInOrder(document, (one) =>
        picked.buildQueryPlan(operationFromDocument(planned.apiSchema(), one, { validate: false }), overrides),
      );
      return repairPlan(plan, repair);
    },
  };
}

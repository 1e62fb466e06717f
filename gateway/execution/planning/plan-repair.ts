import type { FetchNode, PlanNode, QueryPlan, QueryPlanSelectionNode } from '@apollo/query-planner';
import { Kind, parse, print, stripIgnoredCharacters, visit, type DocumentNode, type FieldNode } from 'graphql';
import { readText, type FieldDefinitions } from './field-definitions.ts';
import { pathsOf, type PathRules } from './requirement-paths.ts';
import { splitFetch, type Requirements } from './split-fetch.ts';
import { parseFieldSet, type PlanningSchema } from './stand-in-fields.ts';

export interface PlanRepair extends PathRules {
  readonly requirements: Requirements;
}

export function createPlanRepair({ standIns, definitions }: PlanningSchema): PlanRepair {
  return {
    standIns,
    isObjectType: (type) => definitions.types.get(type)?.kind === Kind.OBJECT_TYPE_DEFINITION,
    requirements: readRequirements(definitions),
  };
}

function readRequirements(definitions: FieldDefinitions): Requirements {
  return (type, field, subgraph) =>
    definitions.withImplementations(type).flatMap(({ name }) => {
      const joins = definitions.find(name.value, field)?.directives?.filter((directive) => directive.name.value === 'join__field') ?? [];
      const texts = joins.filter((join) => definitions.graphs.get(readText(join, 'graph') ?? '') === subgraph).map((join) => readText(join, 'requires'));
      return texts.flatMap((text) => (text === undefined ? [] : [...pathsOf(parseFieldSet(text), name.value)]));
    });
}

/** Replaces stand-ins by what they stand for; a fetch that requires one field in two ways becomes two. */
export function repairPlan(plan: QueryPlan, repair: PlanRepair): QueryPlan {
  const { node } = plan;
  if (!node || repair.standIns.size === 0) return plan;
  if (node.kind !== 'Subscription') return { ...plan, node: repairNode(node, repair) };
  const primary = writeBack(node.primary, repair.standIns);
  return { ...plan, node: { ...node, primary, ...(node.rest ? { rest: repairNode(node.rest, repair) } : {}) } };
}

function repairNode(node: PlanNode, repair: PlanRepair): PlanNode {
  switch (node.kind) {
    case 'Fetch': {
      const parts = splitFetch(node, repair, repair.requirements).map((part) => writeBack(part, repair.standIns));
      return parts.length === 1 ? parts[0]! : { kind: 'Parallel', nodes: parts };
    }
    case 'Flatten': {
      const inner = repairNode(node.node, repair);
      if (inner.kind !== 'Parallel') return { ...node, node: inner };
      return { ...inner, nodes: inner.nodes.map((part): PlanNode => ({ ...node, node: part })) };
    }
    case 'Sequence':
    case 'Parallel':
      return { ...node, nodes: node.nodes.map((child) => repairNode(child, repair)) };
    default:
      // Conditions and deferrals are planned away before (narrowed-operation.ts).
      return node;
  }
}

/** Fetched under the name of the stand-in, sent on under the name of the field. */
function writeBack(node: FetchNode, standIns: PlanRepair['standIns']): FetchNode {
  const operation = visit(parse(node.operation, { noLocation: true }) as DocumentNode, {
    Field(field): FieldNode | undefined {
      const standIn = standIns.get(field.name.value);
      if (!standIn) return undefined;
      return { ...field, alias: field.alias ?? field.name, name: { kind: Kind.NAME, value: standIn.field }, arguments: standIn.arguments };
    },
  });
  const inputRewrites = node.inputRewrites?.map((rewrite) => {
    return { ...rewrite, path: rewrite.path.map((element) => standIns.get(element)?.field ?? element) };
  });
  return {
    ...node,
    operation: stripIgnoredCharacters(print(operation)),
    ...(node.requires ? { requires: node.requires.map((selection) => renameSelection(selection, standIns)) } : {}),
    ...(inputRewrites ? { inputRewrites } : {}),
  };
}

/** `alias` is where the value is, `name` what the subgraph knows it as. */
function renameSelection(selection: QueryPlanSelectionNode, standIns: PlanRepair['standIns']): QueryPlanSelectionNode {
  const selections = selection.selections?.map((inner) => renameSelection(inner, standIns));
  if (selection.kind === 'InlineFragment') return { ...selection, selections: selections ?? [] };
  const standIn = standIns.get(selection.name);
  const inner = selections ? { selections } : {};
  return standIn ? { ...selection, ...inner, name: standIn.field, alias: selection.name } : { ...selection, ...inner };
}

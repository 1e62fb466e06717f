import { createHash } from 'node:crypto';
import { readText, type FieldDefinitions } from './field-definitions.ts';

/** A label of `@override(from:, label:)`: while it is on, the field comes from the subgraph that took it over. */
export interface OverrideLabel {
  readonly label: string;
  /** A field it stands at, for messages. */
  readonly field: string;
}

export function readOverrideLabels({ types }: FieldDefinitions): readonly OverrideLabel[] {
  const labels = new Map<string, OverrideLabel>();
  for (const { name, fields = [] } of types.values()) {
    for (const { name: field, directives = [] } of fields) {
      for (const directive of directives) {
        const label = directive.name.value === 'join__field' ? readText(directive, 'overrideLabel') : undefined;
        if (label !== undefined && !labels.has(label)) labels.set(label, { label, field: `${name.value}.${field.value}` });
      }
    }
  }
  return [...labels.values()];
}

/** Values of all labels for one request: the planner's conditions, and their part of the plan cache's key. */
export interface LabelValues {
  readonly key: string;
  readonly conditions: ReadonlyMap<string, boolean>;
}

export type ResolveLabel = (label: string) => boolean;

/** `rolloutKey`: who or what is counted in or out of `percent(n)`; without one only `percent(100)` is on. */
export type ReadLabels = (rolloutKey: string | undefined) => LabelValues;

const NONE: LabelValues = { key: '', conditions: new Map() };
const PERCENT = /^percent\((\d{1,2}(?:\.\d{1,8})?|100)\)$/;

/**
 * `percent(n)` is decided by a hash of the request's rollout key, other labels by `resolveLabel`.
 * @throws Error when a label is neither
 */
export function createLabelReader(labels: readonly OverrideLabel[], resolveLabel: ResolveLabel | undefined): ReadLabels {
  if (labels.length === 0) return () => NONE;
  const readers = labels.map(({ label, field }): { label: string; isOn: (share: number) => boolean } => {
    const percent = PERCENT.exec(label)?.[1];
    if (percent !== undefined) return { label, isOn: (share) => share < Number(percent) };
    if (resolveLabel) return { label, isOn: () => resolveLabel(label) };
    throw new Error(`The field ${field} is overridden under the label "${label}", and nothing here decides it: give the executor resolveLabel, or use percent(n).`);
  });
  return (rolloutKey) => {
    const share = rolloutKey === undefined ? 100 - Number.EPSILON * 100 : shareOf(rolloutKey);
    const conditions = new Map(readers.map(({ label, isOn }) => [label, isOn(share)]));
    return { key: [...conditions.values()].map((on) => (on ? '1' : '0')).join(''), conditions };
  };
}

/** Stable over processes and restarts: from 0 to 100, 100 excluded. */
function shareOf(rolloutKey: string): number {
  return (createHash('sha256').update(rolloutKey).digest().readUInt32BE(0) / 2 ** 32) * 100;
}

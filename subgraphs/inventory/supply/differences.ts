/** A row the ERP told otherwise than we had it, as one line of text each; null: we had none. */
export interface Difference {
  readonly key: string;
  readonly stored: string | null;
  readonly told: string | null;
}

const TODAY = `(now() at time zone 'UTC')::date::text`;
const DUE = (row: string): string =>
  `(select coalesce(sum((issue ->> 'quantity')::numeric), 0) from jsonb_array_elements(${row}.issues) issue where issue ->> 'date' <= ${TODAY})`;
const LATER = (row: string): string =>
  `(select 'issues ' || jsonb_agg(issue order by issue ->> 'date')::text from jsonb_array_elements(${row}.issues) issue where issue ->> 'date' > ${TODAY})`;

/**
 * A stock row as text that only a change in the ERP changes: demand that has fallen due since moves from the issues to
 * what is allocated, with no one having written anything.
 */
export const NORMAL_FIGURE = (row: string): string => `concat_ws(' ', 'onHand', trim_scale(${row}.on_hand), 'unsellable', trim_scale(${row}.unsellable), ${row}.basis,
  'allocated', trim_scale(${row}.allocated + case when ${row}.issues = '[]' then 0 else ${DUE(row)} end), case when ${row}.issues <> '[]' then ${LATER(row)} end)`;

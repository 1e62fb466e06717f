import { useState } from 'preact/hooks';
import type { Facet } from '../graph/types.ts';
import { useShop } from '../shell/shop.ts';
import { countFilters, EVERYTHING, toggleAttribute, toggleBrand, type ListingChoice } from './listing-choice.ts';

interface FacetPanelProps {
  /** Null while the first answer is on its way. */
  readonly facets: readonly Facet[] | null;
  readonly choice: ListingChoice;
  readonly onChoose: (choice: ListingChoice) => void;
}

/** Everything the listing can be narrowed by, with counts; folded away on small screens. */
export function FacetPanel({ facets, choice, onChoose }: FacetPanelProps) {
  const { words } = useShop();
  const [open, setOpen] = useState(false);
  const chosen = countFilters(choice);
  return (
    <aside class={open ? 'facets facets-open' : 'facets'} aria-label={words.filters}>
      <button type="button" class="facets-toggle button button-quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
        {words.filters}{chosen > 0 && ` (${chosen})`}
      </button>
      <div class="facets-body">
        <div class="facets-head">
          <h2>{words.filters}</h2>
          {chosen > 0 && <button type="button" class="link" onClick={() => onChoose({ ...EVERYTHING, search: choice.search, sort: choice.sort })}>{words.clearFilters}</button>}
        </div>
        {facets === null
          ? <div class="skeleton skeleton-block" aria-hidden="true" />
          : facets.map((facet) => (facet.kind === 'CATEGORY'
              ? <CategoryFacet key={facet.code} facet={facet} choice={choice} onChoose={onChoose} />
              : <ValueFacet key={facet.code} facet={facet} choice={choice} onChoose={onChoose} />))}
      </div>
    </aside>
  );
}

interface OneFacetProps {
  readonly facet: Facet;
  readonly choice: ListingChoice;
  readonly onChoose: (choice: ListingChoice) => void;
}

function CategoryFacet({ facet, choice, onChoose }: OneFacetProps) {
  const { words, textProps } = useShop();
  return (
    <label class="facet-select">
      <span class="facet-title">{words.category}</span>
      <select value={choice.category ?? ''} onChange={(event) => onChoose({ ...choice, category: event.currentTarget.value || null })}>
        <option value="">{words.allCategories}</option>
        {facet.values.map(({ value, label, count }) => <option key={value} value={value} {...textProps}>{`${label} (${count})`}</option>)}
      </select>
    </label>
  );
}

/** A short list of brands stands open from the start. */
const OPEN_VALUES = 8;

function ValueFacet({ facet, choice, onChoose }: OneFacetProps) {
  const { textProps } = useShop();
  const chosen = facet.kind === 'BRAND' ? choice.brands : (choice.attributes[facet.code] ?? []);
  const toggle = (value: string): void => onChoose(facet.kind === 'BRAND' ? toggleBrand(choice, value) : toggleAttribute(choice, facet.code, value));
  if (facet.values.length === 0) return null;
  return (
    <details class="facet" open={chosen.length > 0 || (facet.kind === 'BRAND' && facet.values.length <= OPEN_VALUES)}>
      <summary {...textProps}>{facet.label}{chosen.length > 0 && <span class="facet-chosen">{chosen.length}</span>}</summary>
      <ul>
        {facet.values.map(({ value, label, count }) => (
          <li key={value}>
            <label>
              <input type="checkbox" checked={chosen.includes(value)} onChange={() => toggle(value)} />
              <span class="facet-label" {...textProps}>{label}</span>
              <span class="facet-count">{count}</span>
            </label>
          </li>
        ))}
      </ul>
    </details>
  );
}

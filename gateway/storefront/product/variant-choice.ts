import type { NamedValue, VariantView } from '../graph/types.ts';

const valueOf = (variant: VariantView, option: string): string | null => (variant.options ?? []).find(({ name }) => name === option)?.value ?? null;

/** Whether some variant has this value together with all other chosen ones. */
export const isOffered = (variants: readonly VariantView[], chosen: VariantView, { name, value }: NamedValue): boolean =>
  variants.some((variant) => valueOf(variant, name) === value && (chosen.options ?? []).every((other) => other.name === name || valueOf(variant, other.name) === other.value));

/** The variant with this value that shares most other values with the chosen one. */
export function nearestVariant(variants: readonly VariantView[], chosen: VariantView, { name, value }: NamedValue): VariantView | null {
  const shared = (variant: VariantView): number => (chosen.options ?? []).filter((other) => other.name !== name && valueOf(variant, other.name) === other.value).length;
  const fitting = variants.filter((variant) => valueOf(variant, name) === value);
  return fitting.reduce<VariantView | null>((best, variant) => (best === null || shared(variant) > shared(best) ? variant : best), null);
}

export const isChosen = (chosen: VariantView, { name, value }: NamedValue): boolean => valueOf(chosen, name) === value;

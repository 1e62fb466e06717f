import { mediaBytes } from '../../engine/pim-media.ts';
import type { PimAssociationType, PimAttribute, PimCategory, PimChannel, PimFamily, PimFamilyVariant, PimOption, PimState } from '../../engine/pim-types.ts';
import type { SeedMediaFile } from '../../engine/seed-types.ts';
import { wireInstant } from './answers.ts';
import { mediaLink } from './present-products.ts';

/** The catalogue's structure in Akeneo's words; each function answers one record without its links. */

/** A locale or a currency: a code and whether it is used. */
export const presentActivation = (row: { readonly code: string; readonly enabled: boolean }): object => ({ code: row.code, enabled: row.enabled });

export const presentChannel = (row: PimChannel): object => ({
  code: row.code, currencies: row.currencies, locales: row.locales, category_tree: row.categoryTree, conversion_units: {}, labels: row.labels,
});

export const presentCategory = (row: PimCategory): object => ({
  code: row.code, parent: row.parent, updated: wireInstant(row.updated), labels: row.labels, position: row.position, values: {}, channel_requirements: [],
});

export const presentFamily = (row: PimFamily): object => ({
  code: row.code, attributes: row.attributes, attribute_as_label: row.attributeAsLabel, attribute_as_image: row.attributeAsImage,
  attribute_requirements: row.attributeRequirements, labels: row.labels, parent: null,
});

export function presentFamilyVariant(state: PimState, row: PimFamilyVariant): object {
  const below = new Set(row.levels.flatMap((level) => level.attributes));
  return {
    code: row.code, labels: row.labels,
    common_attributes: (state.families[row.family]?.attributes ?? []).filter((code) => !below.has(code)),
    variant_attribute_sets: row.levels.map((level, index) => ({ level: index + 1, axes: level.axes, attributes: level.attributes })),
  };
}

export function presentAttribute(state: PimState, row: PimAttribute): object {
  return {
    code: row.code, type: row.type, group: row.group, group_labels: state.attributeGroups[row.group]?.labels ?? {}, labels: row.labels,
    localizable: row.localizable, scopable: row.scopable, sort_order: row.sortOrder, unique: row.type === 'pim_catalog_identifier',
    is_main_identifier: row.type === 'pim_catalog_identifier', is_mandatory: row.type === 'pim_catalog_identifier', useable_as_grid_filter: true,
    allowed_extensions: row.type === 'pim_catalog_image' ? ['svg', 'png', 'jpg'] : [], available_locales: [],
    metric_family: row.metricFamily, default_metric_unit: row.defaultMetricUnit, decimals_allowed: row.type === 'pim_catalog_metric' ? true : null, negative_allowed: row.type === 'pim_catalog_metric' ? false : null,
    max_characters: null, validation_rule: null, validation_regexp: null, wysiwyg_enabled: null, number_min: null, number_max: null, date_min: null, date_max: null,
    max_file_size: null, minimum_input_length: null, reference_data_name: null, default_value: null, decimal_places_strategy: null, decimal_places: null,
  };
}

export const presentOption = (row: PimOption): object => ({ code: row.code, attribute: row.attribute, sort_order: row.sortOrder, labels: row.labels });

export const presentAssociationType = (row: PimAssociationType): object => ({ code: row.code, labels: row.labels, is_quantified: row.quantified, is_two_way: false });

/** Carries its own links, because it has two. */
export function presentMedia(base: string, row: SeedMediaFile): object {
  return {
    _links: { self: { href: `${base}/api/rest/v1/media-files/${row.code}` }, download: { href: mediaLink(base, row.code) } },
    code: row.code, original_filename: row.originalFilename, mime_type: row.mimeType, size: mediaBytes(row).length,
    extension: row.originalFilename.slice(row.originalFilename.lastIndexOf('.') + 1),
  };
}

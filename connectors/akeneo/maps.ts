import { modelMap, simpleProductMap, variantMap } from './product.map.ts';
import { attributeMap, categoryMap } from './structure.map.ts';

/** Every map of this connector, for the field table of its README. */
export const MAPS = [categoryMap, attributeMap, modelMap, simpleProductMap, variantMap] as const;

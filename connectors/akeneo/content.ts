import type { CallContext, ContentPort, Page, PageRequest } from '../../domain/connector.ts';
import type { ProductContent, VariantContent } from '../../domain/catalog.ts';
import { mapRows } from '../../platform/mapping.ts';
import type { AkeneoClient } from './client.ts';
import { readAxes, readPlaces, readValueReading } from './context.ts';
import { readPage, updatedSince, type Segment } from './paging.ts';
import { modelMap, simpleProductMap, variantMap } from './product.map.ts';
import { attributeMap, categoryMap } from './structure.map.ts';
import { structureOf, type Structure } from './structure.ts';
import type { AkeneoAttributeRow, AkeneoCategoryRow, AkeneoModelRow, AkeneoProductRow } from './wire.ts';

export function contentPort(client: AkeneoClient): ContentPort {
  const structure = structureOf(client);
  return {
    listCategories: async (page, call) => {
      const found = await readPage<AkeneoCategoryRow>(client, [{ resource: 'categories', query: { with_position: 'true' } }], page, call);
      const mapped = mapRows(categoryMap, found.rows, { locales: await structure.locales(call) }, (row) => `category:${row.code}`);
      return { ...mapped, next: found.next, watermark: null, total: null };
    },
    listAttributes: async (page, call) => {
      const found = await readPage<AkeneoAttributeRow>(client, [{ resource: 'attributes', query: {} }], page, call);
      const mapped = mapRows(attributeMap, found.rows, { locales: await structure.locales(call), brandCode: client.settings.attributes.brand }, (row) => `attribute:${row.code}`);
      return { ...mapped, next: found.next, watermark: null, total: null };
    },
    listProducts: (page, call) => listProducts(client, structure, page, call),
    listVariants: (page, call) => listVariants(client, structure, page, call),
    readMedia: (code, call) => readMedia(client, code, call),
  };
}

/** A code is a path ("a/b/c/front.jpg"); dots would climb out of the media files with our token in hand. */
async function readMedia(client: AkeneoClient, code: string, call: CallContext): ReturnType<NonNullable<ContentPort['readMedia']>> {
  const parts = code.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..')) return null;
  return client.readBytes(`/api/rest/v1/media-files/${parts.map(encodeURIComponent).join('/')}/download`, call);
}

const WITHOUT_PARENT = { parent: [{ operator: 'EMPTY' }] };

const segmentOf = (client: AkeneoClient, resource: string, search: object): Segment => ({
  resource,
  query: {
    pagination_type: 'search_after',
    scope: client.settings.channel,
    ...(Object.keys(search).length > 0 && { search: JSON.stringify(search) }),
  },
});

/** Root models first, then the products that stand alone. */
async function listProducts(client: AkeneoClient, structure: Structure, page: PageRequest, call: CallContext): Promise<Page<ProductContent>> {
  const search = { ...WITHOUT_PARENT, ...updatedSince(page.since) };
  const segments = [segmentOf(client, 'product-models', search), segmentOf(client, 'products-uuid', search)];
  const found = await readPage<AkeneoModelRow | AkeneoProductRow>(client, segments, page, call);
  const reading = await readValueReading(client, structure, found.rows, call);
  const { next, watermark } = found;
  if (found.segment === 1) {
    const rows = found.rows as readonly AkeneoProductRow[];
    const given = { ...reading, axesOf: () => [] };
    return { ...mapRows(simpleProductMap, rows, given, (row) => `product:${row.uuid}`), next, watermark, total: null };
  }
  const rows = found.rows as readonly AkeneoModelRow[];
  const given = { ...reading, axesOf: await readAxes(structure, rows, call) };
  return { ...mapRows(modelMap, rows, given, (row) => `product_model:${row.code}`), next, watermark, total: null };
}

/** Everything that can be sold. A changed model brings its variants back in a delta. */
async function listVariants(client: AkeneoClient, structure: Structure, page: PageRequest, call: CallContext): Promise<Page<VariantContent>> {
  const found = await readPage<AkeneoProductRow>(client, [segmentOf(client, 'products-uuid', updatedSince(page.since))], page, call);
  const [reading, placeOf] = await Promise.all([
    readValueReading(client, structure, found.rows, call),
    readPlaces(client, structure, found.rows, call),
  ]);
  const mapped = mapRows(variantMap, found.rows, { ...reading, placeOf }, (row) => `product:${row.uuid}`);
  return { ...mapped, next: found.next, watermark: found.watermark, total: null };
}

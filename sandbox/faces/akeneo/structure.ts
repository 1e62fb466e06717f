import type { FastifyInstance } from 'fastify';
import { mediaBytes } from '../../engine/pim-media.ts';
import type { PimFamilyVariant, PimState } from '../../engine/pim-types.ts';
import { notFound } from './answers.ts';
import { readSearch, testValue, type Search } from './operators.ts';
import { baseOf, cutPage, listAnswer, type Query } from './paging.ts';
import {
  presentAssociationType, presentAttribute, presentCategory, presentChannel, presentActivation, presentFamily, presentFamilyVariant, presentMedia, presentOption,
} from './present-structure.ts';

interface Coded { readonly code: string }
interface Resource<T extends Coded> {
  /** Path below /api/rest/v1, `:owner` for a nested list. */
  readonly path: string;
  readonly what: string;
  /** The rows; undefined when the owner does not exist. */
  rows(state: PimState, owner: string): readonly T[] | undefined;
  present(row: T, state: PimState): object;
}

const of = <T extends Coded>(resource: Resource<T>): Resource<Coded> => resource as unknown as Resource<Coded>;

/** Every list of the structure is the same list with other rows. */
const resources: readonly Resource<Coded>[] = [
  of({ path: 'locales', what: 'Locale', rows: (state) => Object.values(state.locales), present: presentActivation }),
  of({ path: 'currencies', what: 'Currency', rows: (state) => Object.values(state.currencies), present: presentActivation }),
  of({ path: 'channels', what: 'Channel', rows: (state) => Object.values(state.channels), present: presentChannel }),
  of({ path: 'categories', what: 'Category', rows: (state) => Object.values(state.categories), present: presentCategory }),
  of({ path: 'families', what: 'Family', rows: (state) => Object.values(state.families), present: presentFamily }),
  of({ path: 'attributes', what: 'Attribute', rows: (state) => Object.values(state.attributes), present: (row, state) => presentAttribute(state, row) }),
  of({ path: 'association-types', what: 'Association type', rows: (state) => Object.values(state.associationTypes), present: presentAssociationType }),
  of<PimFamilyVariant>({
    path: 'families/:owner/variants', what: 'Family variant', present: (row, state) => presentFamilyVariant(state, row),
    rows: (state, owner) => (state.families[owner] === undefined ? undefined : Object.values(state.familyVariants).filter((row) => row.family === owner)),
  }),
  of({
    path: 'attributes/:owner/options', what: 'Attribute option', present: presentOption,
    rows: (state, owner) => (state.attributes[owner] === undefined ? undefined : Object.values(state.options[owner] ?? {})),
  }),
];

/** Adds the structure's lists and records, and the media files. */
export function registerStructure(app: FastifyInstance, state: () => PimState): void {
  for (const resource of resources) registerResource(app, resource, state);
  app.get('/api/rest/v1/media-files', (request) => {
    const base = baseOf(request, app.prefix);
    const page = cutPage(Object.values(state().media), (row) => row.code, request.query as Query, `${base}/api/rest/v1/media-files`, false);
    return listAnswer(page, (row) => presentMedia(base, row));
  });
  // A media file's code holds slashes, so both of its addresses come in here.
  app.get('/api/rest/v1/media-files/*', (request, reply) => {
    const rest = (request.params as { readonly '*': string })['*'];
    const code = rest.replace(/\/download$/, '');
    const file = state().media[code];
    if (file === undefined) throw notFound(`Media file "${code}"`);
    if (rest === code) return presentMedia(baseOf(request, app.prefix), file);
    return reply.type(file.mimeType).header('content-disposition', `attachment; filename="${file.originalFilename}"`).send(mediaBytes(file));
  });
}

function registerResource(app: FastifyInstance, resource: Resource<Coded>, state: () => PimState): void {
  const rowsOf = (owner: string): readonly Coded[] => {
    const rows = resource.rows(state(), owner);
    if (rows === undefined) throw notFound(`${resource.path.startsWith('families') ? 'Family' : 'Attribute'} "${owner}"`);
    return rows;
  };
  app.get(`/api/rest/v1/${resource.path}`, (request) => {
    const { owner = '' } = request.params as { readonly owner?: string };
    const query = request.query as Query;
    const path = `${baseOf(request, app.prefix)}/api/rest/v1/${resource.path.replace(':owner', encodeURIComponent(owner))}`;
    const page = cutPage(searched(rowsOf(owner), readSearch(query['search'])), (row) => row.code, query, path, false);
    return listAnswer(page, (row) => ({ _links: { self: { href: `${path}/${encodeURIComponent(row.code)}` } }, ...resource.present(row, state()) }));
  });
  app.get(`/api/rest/v1/${resource.path}/:code`, (request) => {
    const { owner = '', code } = request.params as { readonly owner?: string; readonly code: string };
    const row = rowsOf(owner).find((candidate) => candidate.code === code);
    if (row === undefined) throw notFound(`${resource.what} "${code}"`);
    return resource.present(row, state());
  });
}

/** Filters by the row's own fields (code, parent, enabled ...), and `is_root` for categories. */
function searched(rows: readonly Coded[], search: Search): readonly Coded[] {
  const conditions = Object.entries(search).flatMap(([field, all]) => all.map((condition) => ({ field, condition })));
  return rows.filter((row) => conditions.every(({ field, condition }) => {
    const fields = row as unknown as Readonly<Record<string, unknown>>;
    const held = field === 'is_root' ? fields['parent'] === null : fields[field];
    return testValue(field, held, condition);
  }));
}

import type { OdooClient } from '../../../../connectors/odoo/client.ts';
import type { DomainTerm } from '../../../../connectors/odoo/paging.ts';
import { odooSettings, type OdooSettings } from '../../../../connectors/odoo/settings.ts';
import type { OdooCall } from '../../../../connectors/odoo/protocol.ts';
import { Failure } from '../../../../domain/failure.ts';
import { instant } from '../../../../domain/time.ts';

type Row = Readonly<Record<string, unknown>> & { readonly id: number };

export interface MemoryOdoo {
  /** Rows by model; a model that is not named is unknown to the server. */
  readonly tables: Readonly<Record<string, readonly Row[]>>;
  /** Models the user's groups hide. */
  readonly denied?: readonly string[];
  readonly settings?: Partial<OdooSettings>;
}

const idOf = (value: unknown): unknown => (Array.isArray(value) && typeof value[1] === 'string' ? value[0] : value);

function holds(row: Row, [field, operator, value]: readonly [string, string, unknown]): boolean {
  const own = idOf(row[field]);
  if (operator === '=') return own === value;
  if (operator === '!=') return own !== value;
  if (operator === 'in') return (value as unknown[]).includes(own);
  if (operator === '>') return (own as number) > (value as number);
  if (operator === '<=') return (own as number) <= (value as number);
  if (operator === '<') return (own as string) < (value as string);
  if (operator === '>=') return (own as string) >= (value as string);
  throw new Error(`operator ${operator} is not known here`);
}

/** Odoo's prefix notation. */
function fits(row: Row, domain: readonly DomainTerm[]): boolean {
  const stack: boolean[] = [];
  for (const term of [...domain].reverse()) {
    if (term === '|') stack.push([stack.pop()!, stack.pop()!].some(Boolean));
    else stack.push(holds(row, term as readonly [string, string, unknown]));
  }
  return stack.every(Boolean);
}

/** A server of plain rows, for what a sandbox has none of: several companies, rights that are missing. */
export function memoryOdoo({ tables, denied = [], settings }: MemoryOdoo): OdooClient {
  const rowsOf = (model: string): readonly Row[] => {
    if (denied.includes(model)) throw new Failure('UPSTREAM_REJECTED', `You are not allowed to access '${model}'`, { system: 'erp', vendorCode: 'odoo.exceptions.AccessError' });
    const rows = tables[model];
    if (rows === undefined) throw new Failure('UNSUPPORTED', `the model '${model}' does not exist`, { system: 'erp' });
    return rows;
  };
  const read = async ({ model, method, args = {} }: OdooCall): Promise<unknown> => {
    const { domain = [], limit = Infinity, order = 'id' } = args as { domain?: readonly DomainTerm[]; limit?: number; order?: string };
    const found = rowsOf(model).filter((row) => fits(row, domain)).toSorted((a, b) => (order === 'id desc' ? b.id - a.id : a.id - b.id));
    return method === 'search_count' ? found.length : found.slice(0, limit);
  };
  return {
    system: 'erp',
    settings: odooSettings.parse({ url: 'http://odoo.invalid', database: 'x', apiKey: 'k', ...settings }),
    read,
    readDated: async (call: OdooCall) => ({ value: await read(call), servedAt: instant('2026-11-21T08:00:00.000Z') }),
    columnsOf: async (model: string, wanted: readonly string[]) => (tables[model]?.[0] === undefined ? wanted : wanted.filter((column) => tables[model]![0]![column] !== undefined)),
  } as unknown as OdooClient;
}

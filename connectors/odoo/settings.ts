import { z } from 'zod';

/** What a configuration says about one Odoo. Secrets arrive resolved. One instance a company. */
export const odooSettings = z.strictObject({
  url: z.url(),
  database: z.string().min(1),
  /** json2: Odoo 19 and later; jsonrpc: 14 to 19 (announced to go with 22). */
  protocol: z.enum(['json2', 'jsonrpc']).default('json2'),
  /** Needed by jsonrpc; with json2 the key says who asks. */
  login: z.string().min(1).optional(),
  /** API key; jsonrpc takes a password as well. Keys live at most three months. */
  apiKey: z.string().min(1),
  /** Restricts every call to one company of a multi-company database. */
  companyId: z.int().positive().optional(),
  timeoutMs: z.int().positive().default(10_000),
  attempts: z.int().min(1).max(10).default(3),
  /** Of all processes together. Odoo answers one request a worker; more only queue there. */
  maxConcurrency: z.int().positive().default(8),
  /** In any minute, of all processes together; null = the vendor names no limit. */
  requestsPerMinute: z.int().positive().nullable().default(null),
  pageSize: z.int().min(1).max(2_000).default(500),
  /**
   * How far a delta reaches back before the pass that preceded it. `write_date` is when the writing transaction began,
   * not when it became visible: this must outlast the longest import.
   */
  overlapSeconds: z.int().min(1).default(120),
  /** Units sold in whole pieces. Odoo 19 reports a rounding of 0.01 for every unit, so the unit cannot tell. */
  wholeUnits: z.array(z.string()).default(['Units', 'Unit(s)', 'Unit', 'Piece', 'Pieces', 'Dozens', 'Dozen', 'Pack of 6']),
  /** How far ahead open demand is looked at: at least as far as is promised (90 days unless the policy says otherwise). */
  demandDays: z.int().min(90).max(730).default(730),
  /** Complete names of internal locations nobody may buy from, e.g. "MAIN/Quarantine"; their children count too. */
  unsellableLocations: z.array(z.string()).default([]),
  /**
   * Internal location for goods that came back and nobody may buy: a complete name, or a name every warehouse has ("Quarantine" for
   * "MAIN/Quarantine", "EAST/Quarantine"). It counts as unsellable by itself. Left out: no return can be put into quarantine.
   */
  quarantineLocation: z.string().min(1).optional(),
  /** Complete name of the location scrapped goods go to; left out: the company's first inventory loss, as Odoo's own scrap orders. */
  scrapLocation: z.string().min(1).optional(),
  /** SKU of a service a line's discount is booked on where the server cannot say it exactly otherwise (before 19, which round prices). */
  discountProduct: z.string().min(1).optional(),
  /** Narrows which contacts are customers, as an Odoo domain. */
  customerDomain: z.array(z.unknown()).default([]),
  /** Expected as `?token=` of the webhook URL: Odoo cannot sign. */
  webhookToken: z.string().min(8).optional(),
});

export type OdooSettings = z.output<typeof odooSettings>;

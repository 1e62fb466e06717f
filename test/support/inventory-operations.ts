import { addDays, calendarDate, type CalendarDate } from '../../domain/time.ts';
import type { SandboxControl } from './sandbox-control.ts';

/** Operations of the inventory stories, and the ERP's side of them. */
export const AVAILABILITY = `query ($sku: ID!) { productVariant(by: { sku: $sku }) { sku availability { status quantity quantityIsCapped earliestDate(quantity: "1")
  schedule(days: 30) { date quantity } byLocation { location { code } quantity } freshness } } }`;

export interface Availability {
  readonly productVariant: {
    readonly availability: {
      readonly status: string;
      readonly quantity: string;
      readonly quantityIsCapped: boolean;
      readonly earliestDate: string | null;
      readonly schedule: readonly { readonly date: string; readonly quantity: string }[];
      readonly byLocation: readonly { readonly location: { readonly code: string }; readonly quantity: string }[];
    } | null;
  } | null;
}

export const CHECK_LINES = `query ($input: CheckAvailabilityInput!) { checkAvailability(input: $input) { lines { sku requested freshness outcome { __typename
  ... on AvailabilityConfirmed { date basis sources { location { code } quantity variant { sku } } }
  ... on AvailabilityPartial { confirmedQuantity schedule { date quantity } }
  ... on AvailabilityRejected { reason earliestDate alternatives { date quantity location { code } } }
  ... on AvailabilityUnverified { policy lastKnownQuantity accepted } } } } }`;

export interface CheckedLines {
  readonly checkAvailability: { readonly lines: readonly { readonly sku: string; readonly requested: string; readonly outcome: Readonly<Record<string, unknown>> }[] };
}

const HOLD_FIELDS = 'id state expiresAt lines { sku quantity dueOn location { code } } basket { sku requested held backordered promisedOn }';
export const HOLD_LINES = `mutation ($input: HoldStockInput!) { holdStock(input: $input) { hold { ${HOLD_FIELDS} } shortLines { sku requested available reason } userErrors { code field message } } }`;
export const EXTEND = `mutation ($input: ExtendHoldInput!) { extendHold(input: $input) { hold { ${HOLD_FIELDS} } userErrors { code field message } } }`;

interface HoldView {
  readonly id: string;
  readonly state: string;
  readonly expiresAt: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: string }[];
}

interface UserErrorView {
  readonly code: string;
  readonly field: readonly string[];
  readonly message: string;
}

export interface HeldLines {
  readonly holdStock: {
    readonly hold: HoldView | null;
    readonly shortLines: readonly { readonly sku: string; readonly available: string; readonly reason: string }[];
    readonly userErrors: readonly UserErrorView[];
  };
}

export interface Extended {
  readonly extendHold: { readonly hold: HoldView | null; readonly userErrors: readonly UserErrorView[] };
}

/** An article of the story's own, so that stories do not take each other's stock. */
export async function stockArticle(sandbox: SandboxControl, sku: string, stock: Readonly<Record<string, string>>): Promise<void> {
  await sandbox.command('create-item', {
    code: sku, name: `Story article ${sku}`, category: 'Workshop', unit: 'unit', kind: 'goods', listPrice: '10.00', cost: '4.00', sellable: true, active: true,
    variants: [{ sku, barcode: null, options: {} }],
  });
  for (const [location, quantity] of Object.entries(stock)) await sandbox.command('set-stock', { sku, quantity, location });
}

/** A confirmed purchase, due so many days from today. */
export async function orderGoods(sandbox: SandboxControl, sku: string, quantity: string, inDays: number, location = 'MAIN'): Promise<void> {
  await sandbox.command('create-purchase', { reference: `STORY-${sku}`, vendor: 'V01', lines: [{ sku, location, quantity, unitPrice: '4.00', due: { inDays } }] });
}

/** The UTC day so many days from today. */
export const inDays = (days: number): CalendarDate => addDays(calendarDate(new Date()), days);

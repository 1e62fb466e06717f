import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Failure } from '../../../../domain/failure.ts';
import { DEFAULT_POLICY, channelPolicyOf, itemPolicyOf } from '../../../../subgraphs/inventory/promise/policy.ts';
import { parsePolicy } from '../../../../subgraphs/inventory/promise/policy-file.ts';
import { servingOf } from '../../../../subgraphs/inventory/promise/serving.ts';

const problemsOf = (json: unknown): string => {
  try {
    parsePolicy(json, 'policy.json');
  } catch (error) {
    expect(error).toMatchObject({ code: 'MISCONFIGURED', field: ['INVENTORY_POLICY_FILE'] });
    return (error as Failure).message;
  }
  throw new Error('should be refused');
};

describe('the policy file', () => {
  it('leaves everything as it is where it says nothing', () => {
    expect(parsePolicy({}, 'policy.json')).toEqual(DEFAULT_POLICY);
  });

  it('reads the example of the documentation', () => {
    const page = readFileSync(new URL('../../../../docs/inventory-policy.md', import.meta.url), 'utf8');
    const policy = parsePolicy(JSON.parse(/```json\n([\s\S]*?)```/.exec(page)![1]!), 'policy.json');
    expect(itemPolicyOf(policy, 'SOFA-GREY')).toMatchObject({ backorder: 'LEAD_TIME', leadTimeDays: 21, atp: { horizonDays: 120, safetyStock: '1', overdueReceipts: { kind: 'PUSH', days: 3 } } });
    expect(itemPolicyOf(policy, 'CONSOLE-6').preorder).toEqual({ availableFrom: '2027-03-01', limit: '500' });
    expect(itemPolicyOf(policy, 'ANY')).toMatchObject({ backorder: 'NONE', preorder: null, lowStockThreshold: '5' });
    expect(channelPolicyOf(policy, 'amazon')).toMatchObject({ locations: ['MAIN'], whenSilent: 'LEDGER_WITH_SAFETY', safetyWhenSilent: '3', holdTtlSeconds: 900 });
    expect(channelPolicyOf(policy, null)).toMatchObject({ locations: null, whenSilent: 'REFUSE' });
    expect(() => channelPolicyOf(policy, 'ebay')).toThrow('there is no channel "ebay"; the channels are site, amazon, edi');
  });

  it('names every unusable entry with its path and the remedy', () => {
    const message = problemsOf({
      horizonDays: 731, colour: 'red', item: { safetyStock: '-1', backorder: 'MAYBE' }, items: { A: { preorder: { availableFrom: '2026-02-30' } } },
      channels: { web: { holdTtlSeconds: 9, splitting: 'SOME' } }, regions: [{ name: 'x', countries: ['usa'], locations: [] }],
    });
    for (const line of [
      'policy.json is no usable inventory policy', 'horizonDays: must be a whole number from 1 to 730', 'colour', 'item.safetyStock: must be a quantity like "2.5", not below zero',
      'item.backorder: must be "NONE" or "LEAD_TIME"', 'items.A.preorder.availableFrom: must be a day', 'channels.web.holdTtlSeconds: must be a whole number from 10 to 86400',
      'channels.web.splitting: must be "LINES", "ORDER" or "NONE"', 'regions.0.countries.0: must be an ISO 3166-1 code', 'regions.0.locations: must name at least one location',
    ]) expect(message).toContain(line);
  });

  it('refuses what cannot be meant', () => {
    expect(problemsOf({ item: { backorder: 'LEAD_TIME' } })).toContain('item.leadTimeDays: required with "backorder": "LEAD_TIME"');
    expect(problemsOf({ channels: { web: { sourcing: 'NEAREST' } } })).toContain('regions: required with "sourcing": "NEAREST"');
    expect(problemsOf({ items: { A: { backorder: 'LEAD_TIME', leadTimeDays: 2, preorder: { availableFrom: '2027-01-01' } } } })).toContain('items.A.preorder');
  });
});

describe('who serves an address', () => {
  const policy = parsePolicy({
    channels: { web: { locations: ['A', 'B'] }, all: {} },
    regions: [{ name: 'ninety', countries: ['US'], postalPrefixes: ['90'], locations: ['C', 'B'] }, { name: 'west', countries: ['US'], regions: ['CA'], locations: ['B', 'A'] }],
  }, 'policy.json');
  const from = (channel: string, countryCode: string, regionCode: string | null = null, postalCode: string | null = null) => servingOf(policy, channel, { countryCode, regionCode, postalCode }).locations;

  it('takes the first region that fits, within what the channel may draw on', () => {
    expect(from('all', 'US', 'CA', '90210')).toEqual(['C', 'B']);
    expect(from('web', 'US', 'CA', '90210')).toEqual(['B']);
    expect(from('web', 'us', 'ca', '80000')).toEqual(['B', 'A']);
    expect(from('web', 'US', 'NV')).toEqual([]);
    expect(servingOf(policy, 'web', null).locations).toEqual(['A', 'B']);
  });
});

import { registerEnumType } from 'type-graphql';
import type { PriceTarget } from '../../../domain/pricing.ts';
import type { Promotion, PromotionEffect } from '../../../domain/promotions.ts';
import type { PromotionState } from './store.ts';

type PercentOff = Extract<PromotionEffect, { kind: 'PERCENT_OFF' }>;

export const GraphPromotionPlace = { UNIT: 'UNIT', LINE: 'LINE', BASKET: 'BASKET' } as const satisfies { [K in PercentOff['place']]: K };
export const GraphPromotionBase = { PRICE: 'PRICE', LIST: 'LIST' } as const satisfies { [K in PercentOff['of']]: K };
export const GraphPromotionStacking = { STACKS: 'STACKS', EXCLUSIVE: 'EXCLUSIVE' } as const satisfies { [K in Promotion['stacking']]: K };
export const GraphPromotionState = { UPCOMING: 'UPCOMING', RUNNING: 'RUNNING', ENDED: 'ENDED', OFF: 'OFF' } as const satisfies { [K in PromotionState]: K };
export const GraphPromotionTargetKind = { SKU: 'SKU', GROUP: 'GROUP', CATEGORY: 'CATEGORY', ALL: 'ALL' } as const satisfies { [K in PriceTarget['kind']]: K };

registerEnumType(GraphPromotionPlace, {
  name: 'PromotionPlace',
  description: 'What a promotion takes its part off.',
  valuesConfig: {
    UNIT: { description: 'The price of a piece, shown wherever it is shown.' },
    LINE: { description: 'What the line comes to.' },
    BASKET: { description: 'The basket, shared among the lines it is for.' },
  },
});
registerEnumType(GraphPromotionBase, {
  name: 'PromotionBase',
  description: 'What percent are of.',
  valuesConfig: { PRICE: { description: 'What is left by then.' }, LIST: { description: 'The base price.' } },
});
registerEnumType(GraphPromotionStacking, {
  name: 'PromotionStacking',
  valuesConfig: {
    STACKS: { description: 'Applies with others that stack.' },
    EXCLUSIVE: { description: 'Has the lines it touches to itself, whatever the priority of others; of several the first.' },
  },
});
registerEnumType(GraphPromotionState, {
  name: 'PromotionState',
  description: 'Where a promotion stands now.',
  valuesConfig: { OFF: { description: 'Not active, whatever its window says.' } },
});
registerEnumType(GraphPromotionTargetKind, { name: 'PromotionTargetKind' });

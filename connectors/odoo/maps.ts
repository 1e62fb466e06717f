import { creditMemoLineMap, creditMemoMap } from './credit-memo.map.ts';
import { currencyRateMap } from './rate.map.ts';
import { customerMap } from './customer.map.ts';
import { itemMap } from './item.map.ts';
import { orderLineMap, orderMap } from './order.map.ts';
import { packageLineMap, packageMap } from './package.map.ts';
import { listPriceMap, priceListMap } from './price.map.ts';
import { receiptMap } from './receipt.map.ts';
import { returnLineMap, returnMap } from './return.map.ts';
import { ruleMap } from './rule.map.ts';
import { shipmentLineMap, shipmentMap } from './shipment.map.ts';
import { taxMap } from './tax.map.ts';
import { locationMap, stockMap } from './stock.map.ts';

/** Every map of this connector, for the field table of its README. */
export const MAPS = [
  itemMap, locationMap, stockMap, receiptMap, listPriceMap, priceListMap, ruleMap, currencyRateMap, taxMap, customerMap, orderMap, orderLineMap, shipmentMap, shipmentLineMap, packageMap, packageLineMap,
  returnMap, returnLineMap, creditMemoMap, creditMemoLineMap,
] as const;

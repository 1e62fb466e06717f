/** Of a row `stock` of stock_level: what is there for sale today, whatever its item and location say. */
export const ON_HAND = `greatest(0, greatest(0, stock.on_hand - stock.unsellable) - case stock.basis when 'ON_HAND' then stock.allocated else 0 end - stock.held)`;

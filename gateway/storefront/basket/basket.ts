import { useEffect, useState } from 'preact/hooks';
import { add, type Decimal } from '../../../domain/decimal.ts';
import { stored } from '../shell/stored.ts';

export interface BasketLine {
  readonly sku: string;
  readonly quantity: Decimal;
}

/** What the shopper wants: SKUs and quantities only; everything else is asked of the graph when it is shown. */
const storage = stored<readonly BasketLine[]>('localStorage', 'shop.basket');
const listeners = new Set<() => void>();

const readBasket = (): readonly BasketLine[] => storage.read() ?? [];

function writeBasket(lines: readonly BasketLine[]): void {
  storage.write(lines);
  for (const tell of listeners) tell();
}

export function addToBasket(sku: string, quantity: Decimal): void {
  const lines = readBasket();
  const known = lines.find((line) => line.sku === sku);
  writeBasket(known ? lines.map((line) => (line === known ? { sku, quantity: add(line.quantity, quantity) } : line)) : [...lines, { sku, quantity }]);
}

export const changeQuantity = (sku: string, quantity: Decimal): void => writeBasket(readBasket().map((line) => (line.sku === sku ? { sku, quantity } : line)));
export const removeFromBasket = (sku: string): void => writeBasket(readBasket().filter((line) => line.sku !== sku));
export const emptyBasket = (): void => writeBasket([]);

/** The basket as it is now, also when another tab of the browser changes it. */
export function useBasket(): { readonly lines: readonly BasketLine[] } {
  const [lines, setLines] = useState(readBasket);
  useEffect(() => {
    const refresh = (): void => setLines(readBasket());
    listeners.add(refresh);
    window.addEventListener('storage', refresh);
    return () => {
      listeners.delete(refresh);
      window.removeEventListener('storage', refresh);
    };
  }, []);
  return { lines };
}

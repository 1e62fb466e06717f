import { isDecimal, isPositive, decimal, add, compare, type Decimal } from '../../../domain/decimal.ts';
import { useShop } from './shop.ts';

/** Reads what a person typed ("1,5" too); null when it is no quantity with at most `digits` fraction digits. */
export function readQuantity(text: string, digits: number): Decimal | null {
  const plain = text.trim().replace(',', '.');
  if (!isDecimal(plain) || !isPositive(plain) || (plain.split('.')[1]?.length ?? 0) > digits || plain.split('.')[0]!.length > 6) return null;
  return decimal(plain);
}

interface QuantityInputProps {
  readonly label: string;
  readonly value: string;
  readonly digits: number;
  readonly onChange: (text: string) => void;
}

/** A quantity with steps of one; text stays as typed until it is a quantity. */
export function QuantityInput({ label, value, digits, onChange }: QuantityInputProps) {
  const { words } = useShop();
  const quantity = readQuantity(value, digits);
  const step = (by: '1' | '-1'): void => {
    const next = add(quantity ?? ('0' as Decimal), by as Decimal);
    if (isPositive(next)) onChange(next);
  };
  return (
    <div class={quantity === null ? 'stepper stepper-bad' : 'stepper'} role="group" aria-label={label}>
      <button type="button" aria-label={words.less} disabled={quantity !== null && compare(quantity, '1' as Decimal) <= 0} onClick={() => step('-1')}>−</button>
      <input inputMode="decimal" aria-label={label} aria-invalid={quantity === null} value={value} onInput={(event) => onChange(event.currentTarget.value)} />
      <button type="button" aria-label={words.more} onClick={() => step('1')}>+</button>
    </div>
  );
}

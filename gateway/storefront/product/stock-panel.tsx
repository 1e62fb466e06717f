import type { AvailabilityStatus } from '../../../domain/inventory.ts';
import { isPositive } from '../../../domain/decimal.ts';
import type { AvailabilityView } from '../graph/types.ts';
import { formatDay, formatQuantity, formatTime } from '../shell/formats.ts';
import { ConnectionMark, FreshnessLine } from '../shell/freshness-line.tsx';
import { Badge, type Tone } from '../shell/notice.tsx';
import { useShop } from '../shell/shop.ts';
import type { Words } from '../words/english.ts';
import { KitParts } from './kit-parts.tsx';

const TONES: Readonly<Record<AvailabilityStatus, Tone>> = { IN_STOCK: 'good', LOW_STOCK: 'warn', PREORDER: 'warn', BACKORDER: 'warn', OUT_OF_STOCK: 'bad', UNKNOWN: 'calm' };

/** Status and figure in one phrase: "Low stock, 3 available". */
export function describeStock(availability: AvailabilityView | null, words: Words, languageTag: string): string {
  if (!availability) return words.stockUnknown;
  return `${words.statuses[availability.status]}, ${describeQuantity(availability, words, languageTag)}`;
}

function describeQuantity({ quantity, quantityIsCapped }: AvailabilityView, words: Words, languageTag: string): string {
  const figure = formatQuantity(quantity, languageTag);
  return quantityIsCapped ? words.capped(figure) : words.exactly(figure);
}

interface StockPanelProps {
  /** Undefined until the first answer; null when it cannot be told. */
  readonly availability: AvailabilityView | null | undefined;
  readonly pushedAt: string | null;
}

/** Live stock: the figure, where it lies, what is coming, how old the figure is. */
export function StockPanel({ availability, pushedAt }: StockPanelProps) {
  const { words, languageTag } = useShop();
  return (
    <section class="stock" aria-label={words.stock}>
      <div class="stock-head"><h2>{words.stock}</h2><ConnectionMark /></div>
      {availability === undefined && <div class="skeleton skeleton-block" aria-hidden="true" />}
      {availability === null && <p>{words.stockUnknown}</p>}
      {availability && (
        <>
          <p class="stock-now" key={pushedAt ?? ''} data-pushed={pushedAt !== null}>
            <Badge tone={TONES[availability.status]}>{words.statuses[availability.status]}</Badge>
            {availability.status !== 'UNKNOWN' && <span class="stock-figure">{describeQuantity(availability, words, languageTag)}</span>}
            {pushedAt !== null && <span class="stock-pushed">{words.pushed(formatTime(pushedAt, languageTag))}</span>}
          </p>
          <Coming availability={availability} />
          <Terms availability={availability} />
          <KitParts components={availability.components} />
          <Places places={availability.byLocation} />
          <FreshnessLine {...availability} />
        </>
      )}
    </section>
  );
}

/** The next day on which more can be promised than today. */
function Coming({ availability: { schedule, quantity, quantityIsCapped } }: { readonly availability: AvailabilityView }) {
  const { words, languageTag } = useShop();
  const next = quantityIsCapped ? undefined : schedule.find((day) => day.quantity !== quantity && isPositive(day.quantity));
  return next ? <p class="stock-coming">{words.coming(formatQuantity(next.quantity, languageTag), formatDay(next.date, languageTag))}</p> : null;
}

/** Sold before it is there: by lead time, or as a preorder. */
function Terms({ availability: { leadTimeDays, preorderFrom } }: { readonly availability: AvailabilityView }) {
  const { words, languageTag } = useShop();
  if (preorderFrom !== null) return <p class="stock-coming">{words.preorder(formatDay(preorderFrom, languageTag))}</p>;
  return leadTimeDays === null ? null : <p class="stock-coming">{words.leadTime(String(leadTimeDays))}</p>;
}

function Places({ places }: { readonly places: AvailabilityView['byLocation'] }) {
  const { words, languageTag } = useShop();
  if (places.length < 2) return null;
  return (
    <table class="places">
      <caption>{words.places}</caption>
      <tbody>
        {places.map(({ location, quantity }) => (
          <tr key={location.code}>
            <th scope="row">{location.name}</th>
            <td>{formatQuantity(quantity, languageTag)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

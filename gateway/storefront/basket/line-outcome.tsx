import { isPositive } from '../../../domain/decimal.ts';
import type { AlternativeView, CheckedLineView, OutcomeView } from '../graph/types.ts';
import { formatDay, formatQuantity } from '../shell/formats.ts';
import { FreshnessLine } from '../shell/freshness-line.tsx';
import { Badge } from '../shell/notice.tsx';
import { useShop } from '../shell/shop.ts';
import { changeQuantity } from './basket.ts';

/** The ERP's word on one line: a yes, a part, a no, or its silence, each said as what it is. */
export function LineOutcome({ checked }: { readonly checked: CheckedLineView | null }) {
  const { words } = useShop();
  if (!checked) return <p class="outcome muted">{words.checking}</p>;
  return (
    <div class="outcome">
      <Verdict sku={checked.sku} outcome={checked.outcome} />
      <FreshnessLine {...checked} />
    </div>
  );
}

function Verdict({ sku, outcome }: { readonly sku: string; readonly outcome: OutcomeView }) {
  const { words, languageTag } = useShop();
  switch (outcome.__typename) {
    case 'AvailabilityConfirmed': return <Confirmed outcome={outcome} />;
    case 'AvailabilityPartial': return <Partial sku={sku} outcome={outcome} />;
    case 'AvailabilityRejected':
      return (
        <p>
          <Badge tone="bad">{words.reasons[outcome.reason]}</Badge>
          {outcome.earliestDate !== null && <span> {words.earliest(formatDay(outcome.earliestDate, languageTag))}</span>}
          <Alternatives earliest={outcome.earliestDate} alternatives={outcome.alternatives} />
        </p>
      );
    case 'AvailabilityUnverified':
      return (
        <p>
          <Badge tone="warn">{words.unverified}</Badge>
          {outcome.lastKnownQuantity !== null && <span> {words.lastKnown(formatQuantity(outcome.lastKnownQuantity, languageTag))}</span>}
          <span> {outcome.accepted ? words.accepted : words.notAccepted}</span>
        </p>
      );
  }
}

/** Goods that are not there yet are no worse, but the shopper is told. */
function Confirmed({ outcome: { date, basis } }: { readonly outcome: Extract<OutcomeView, { __typename: 'AvailabilityConfirmed' }> }) {
  const { words, languageTag } = useShop();
  const day = formatDay(date, languageTag);
  if (basis === 'ON_HAND') return <Badge tone="good">{words.confirmed(day)}</Badge>;
  return <Badge tone="calm">{basis === 'INCOMING' ? words.confirmedIncoming(day) : words.confirmedLeadTime(day)}</Badge>;
}

/** What could be had instead of all by the day asked for; that all comes later has been said. */
function Alternatives({ earliest, alternatives }: { readonly earliest: string | null; readonly alternatives: readonly AlternativeView[] }) {
  const { words, languageTag } = useShop();
  const others = alternatives.filter(({ date, location }) => location !== null || date !== earliest).slice(0, 3);
  if (others.length === 0) return null;
  const tell = ({ date, quantity, location }: AlternativeView): string => {
    const figure = formatQuantity(quantity, languageTag);
    return location === null ? words.later(figure, formatDay(date, languageTag)) : words.elsewhere(figure, location.name);
  };
  return <span class="alternatives"> {words.instead} {others.map(tell).join(', ')}</span>;
}

function Partial({ sku, outcome }: { readonly sku: string; readonly outcome: Extract<OutcomeView, { __typename: 'AvailabilityPartial' }> }) {
  const { words, languageTag } = useShop();
  const { confirmedQuantity, schedule } = outcome;
  const figure = formatQuantity(confirmedQuantity, languageTag);
  const later = schedule.filter(({ quantity }) => quantity !== confirmedQuantity).slice(0, 3);
  return (
    <p>
      <Badge tone="warn">{words.partial(figure)}</Badge>
      {later.map(({ date, quantity }) => <span key={date}> {words.later(formatQuantity(quantity, languageTag), formatDay(date, languageTag))}</span>)}
      {isPositive(confirmedQuantity) && <button type="button" class="link" onClick={() => changeQuantity(sku, confirmedQuantity)}>{words.takePartial(figure)}</button>}
    </p>
  );
}

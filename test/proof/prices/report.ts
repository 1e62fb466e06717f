import type { ChannelReport, PriceReport } from './run.ts';
import type { Judged, Verdict } from './verdict.ts';

const WORDS: Readonly<Record<Verdict, string>> = {
  EXACT: 'exact: unit price to its last digit, line total to the cent',
  NO_LIST_PRICE: 'no list price holds that day: refused here; the source charged a whole percentage of one that had ended',
  ENDED_LIST_PRICE: 'the source charged the price of the window before or after',
  OFFER_NOT_GIVEN: 'an offer fits by product, day, quantity and channel; the source did not give it',
  OTHER_OFFER_GIVEN: 'two offers fit; the source gave the smaller one',
  UNEXPLAINED: 'UNEXPLAINED',
};

const EXAMPLES = 3;

/** The whole report, for a reader. */
export const tellPrices = ({ channels, rejected, holds }: PriceReport): string => [
  `refused by the feeds: ${rejected.length}`, ...rejected.slice(0, EXAMPLES),
  ...[...channels].flatMap(([channel, report]) => ['', ...tellChannel(channel, report)]),
  '', holds ? 'the proof holds: every line that differs has a reason that was checked' : 'THE PROOF DOES NOT HOLD: lines differ without a reason',
].join('\n');

function tellChannel(channel: string, { orders, lines, verdicts, allDigits }: ChannelReport): readonly string[] {
  const exact = verdicts.get('EXACT')?.length ?? 0;
  return [
    `${channel}: ${lines} lines of ${orders} orders, ${exact} exact; of these ${allDigits} to every digit of the source's line total`,
    ...(Object.keys(WORDS) as Verdict[]).flatMap((verdict) => {
      const found = verdicts.get(verdict) ?? [];
      return found.length === 0 ? [] : [`  ${found.length} ${WORDS[verdict]}`, ...(verdict === 'EXACT' ? [] : [...tellOffers(found), ...found.slice(0, EXAMPLES).map(tellLine)])];
    }),
  ];
}

const tellOffers = (lines: readonly Judged[]): readonly string[] =>
  [...Map.groupBy(lines.filter(({ offer }) => offer !== null), ({ offer }) => offer!.name)].map(([name, all]) => `    ${all.length} x ${name}`);

const tellLine = ({ order, line, ours }: Judged): string =>
  `    ${order.number} of ${order.day}, ${line.quantity} x ${line.sku}: source ${line.unitPrice}, ${line.lineTotal}; ours ${ours}`;

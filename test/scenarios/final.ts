import { type Alert, isFinal } from '../../server/model/alert.js';

/** Final alerts in one order, without what two runs need not agree on: ids, revisions, times of writing, evidence's ids. */
export function finalOf(alerts: readonly Alert[]): unknown[] {
  return alerts
    .filter(isFinal)
    .map(({ '@timestamp': _, scanhound, ...alert }) => {
      const { revision: __, evidence, part, joined, ...fields } = scanhound;
      return {
        ...alert,
        ...fields,
        evidence: evidence.map(({ ref: ___, id: ____, ...rest }) => rest),
        part: part && { index: part.index, of: part.of },
        joined: joined?.map(({ id: _____, ...rest }) => rest).sort(byText),
      };
    })
    .sort(byText);
}

/** The same document stands in an index here, in a file or a batch there. */
export const withoutPlaces = (alerts: readonly unknown[]): unknown =>
  JSON.parse(JSON.stringify(alerts, (key, value: unknown) => (key === 'index' ? undefined : value)));

const byText = (one: unknown, other: unknown): number => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1);

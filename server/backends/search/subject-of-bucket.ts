import type { SubjectGroup } from '../../../queries/records.js';
import { normalizeAddress } from '../../model/address.js';
import { subjectKey } from '../../model/subject.js';
import { type Bucket, textIn } from './buckets.js';

/** Whom the records of a bucket are about; undefined where they name nobody. */
export function subjectOf(group: SubjectGroup, bucket: Bucket): string | undefined {
  const field = group.fields.at(-1)!;
  const value = textIn(bucket, field);
  if (value === undefined) return undefined;
  if (group.kind === 'address') {
    const address = normalizeAddress(value);
    return address && subjectKey({ kind: 'address', address });
  }
  const process = field === 'process.executable' ? value.toLowerCase() : value;
  return subjectKey({
    kind: 'process',
    host: hostOf(bucket),
    container: textIn(bucket, 'container.id') ?? '',
    process,
  });
}

/** The fields that name a host: the first that is there does. */
export const HOST = ['host.id', 'host.name', 'host.hostname'] as const;

/** The host of a bucket that is grouped by them. */
export const hostOf = (bucket: Bucket): string =>
  HOST.map((field) => textIn(bucket, field)).find((name) => name !== undefined) ?? '';

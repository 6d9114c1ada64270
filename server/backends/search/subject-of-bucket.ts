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
  const host = textIn(bucket, 'host.id') ?? textIn(bucket, 'host.name') ?? textIn(bucket, 'host.hostname') ?? '';
  const process = field === 'process.executable' ? value.toLowerCase() : value;
  return subjectKey({ kind: 'process', host, container: textIn(bucket, 'container.id') ?? '', process });
}

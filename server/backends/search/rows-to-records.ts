import type { Rows } from '../../../mappings/rows.js';
import type { ArpRecord, ContactRecord, Holding, Launch, ProcessEvent, SubjectQuery } from '../../model/ports.js';
import type { Seen } from './hits.js';

/** Rows of a document as the hunt reads them: `toRows` filled their cells, so their types are known. */
type Cells<Kind extends keyof Rows> = Rows[Kind][number];

type OfSubject<T> = T & { subject: string };

export const contactsIn = ({ evidence, time, rows }: Seen): OfSubject<ContactRecord>[] =>
  rows.contacts.map((row) => ({ ...toContact(row), time, evidence, subject: text(row.subject) }));

function toContact(row: Cells<'contacts'>): Omit<ContactRecord, 'time' | 'evidence'> {
  const { source, destination, port, transport, outcome, scope, context, process, user, namespace } = row;
  return {
    ...{ destination, port, transport, outcome, scope, context, source, process, user, namespace },
    destinationNamespace: row.destination_namespace,
    hostName: row.host_name,
    platform: row.platform,
    container: row.container,
  } as Omit<ContactRecord, 'time' | 'evidence'>;
}

export const launchesIn = ({ evidence, time, rows }: Seen): Launch[] =>
  rows.launches.map(
    ({ subject, host, platform, container, process, parent, executable, name, user, context, hash, ...row }) =>
      ({
        ...{ time, evidence, subject, host, platform, container, process, parent, executable, name },
        ...{ user, context, hash },
        hostName: row.host_name,
        pid: numberOrNull(row.pid),
        parentPid: numberOrNull(row.parent_pid),
        originalName: row.original_name,
        arguments: row.arguments,
        parentExecutable: row.parent_executable,
        parentArguments: row.parent_arguments,
      }) as Launch,
  );

export const processEventsIn = ({ evidence, time, rows }: Seen): ProcessEvent[] =>
  rows.process_events.map(
    ({ kind, subject, host, process, value }) =>
      ({ time, evidence, kind, subject, host, process, value }) as ProcessEvent,
  );

export const queriesIn = ({ evidence, time, rows }: Seen): SubjectQuery[] =>
  rows.queries.map(
    ({ subject, source, name, hash }) => ({ time, evidence, subject, source, name, hash }) as SubjectQuery,
  );

export const arpsIn = ({ evidence, time, rows }: Seen): ArpRecord[] =>
  rows.arps.map(
    ({ subject, source, target, is_reply: isReply }) =>
      ({ time, evidence, subject, source, target, isReply }) as ArpRecord,
  );

export const holdingsIn = ({ time, rows }: Seen): Holding[] =>
  rows.holders.map(
    ({ address, host, host_name: hostName, container, platform }) =>
      ({ address, host, hostName, container, platform, from: time, to: time }) as Holding,
  );

const text = (cell: Cells<'contacts'>['subject']): string => String(cell);
const numberOrNull = (cell: Cells<'launches'>['pid']): number | null => (cell === null ? null : Number(cell));

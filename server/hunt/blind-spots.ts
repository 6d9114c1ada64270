import type { TelemetryScope } from '../../queries/analytic.js';
import type { Volumes } from '../model/volume.js';

/** What an analytic can't see in telemetry of such volumes: a sentence each. */
export function blindSpots({ serviceQueries: asksServices }: TelemetryScope, volumes: Volumes): string[] {
  const has = (kind: keyof Volumes) => volumes[kind].records > 0;
  const isMasked = has('maskedQueries') && volumes.maskedQueries.records === volumes.serviceQueries.records;
  const spots: [applies: boolean, says: string][] = [
    [!has('programContacts'), 'No contact of its hosts names a program: only addresses are subjects.'],
    [
      has('programContacts') && !has('failedProgramContacts'),
      'No contact of a program tells that it failed: measures of failed contacts never fire for programs.',
    ],
    [!has('launches'), 'No launches on its hosts: scan tools are not known by their names and arguments.'],
    [!has('addressContacts'), 'No contacts of addresses: of hosts that log none themselves nothing is seen.'],
    [
      has('addressContacts') && !has('failedAddressContacts'),
      'No contact of an address tells that it failed: measures of failed contacts never fire for addresses.',
    ],
    [asksServices && !has('serviceQueries'), 'No mDNS questions: browsing for services is not seen.'],
    [
      asksServices && isMasked,
      'All service names are masked: hashes are counted, and which service it was is not told.',
    ],
    [!has('arps'), 'No ARP: sweeps of a link are seen by their contacts only.'],
  ];
  return spots.flatMap(([applies, says]) => (applies ? [says] : []));
}

import { Random } from '../simulate/random.js';

/** What happens at the site of the engines' benchmarks: 10,000 programs on 1,000 Linux hosts. */
const SUBJECTS = 10_000;
/** Of the subjects: they reach 24 hosts again and again, over N in every few minutes. */
const STEADY = 50;
/** One scan of hosts in so many contacts, over what would be a minute. */
const CONTACTS_A_SCAN = 20_000;
const START = Date.UTC(2026, 10, 1);

export const INDICES = 10;

/** So many contacts over some hours, dealt out to indices. */
export interface EngineSite {
  indices: readonly string[];
  contacts: number;
  hours: number;
}

/** The n-th of so many contacts spread evenly over some hours, as an agent writes it. */
export function contactOf(n: number, contacts: number, hours: number, random: Random) {
  const time = START + Math.floor((n * hours * 3_600_000) / contacts);
  const place = n % CONTACTS_A_SCAN;
  const isScan = place < 600 && place % 12 === 0;
  const isSteady = !isScan && n % 5 === 0;
  const who = isScan
    ? STEADY + ((Math.floor(n / CONTACTS_A_SCAN) * 7_919) % (SUBJECTS - STEADY))
    : isSteady
      ? random.integer(0, STEADY - 1)
      : random.integer(STEADY, SUBJECTS - 1);
  const host = `host-${Math.floor(who / 10)}`;
  const destination = isScan
    ? `10.9.${Math.floor(n / CONTACTS_A_SCAN) % 250}.${1 + place / 12}`
    : isSteady
      ? `10.7.${who}.${random.integer(1, 24)}`
      : `10.8.${100 + (who % 50)}.${1 + ((who + random.integer(0, 5)) % 250)}`;
  const at = new Date(time).toISOString();
  return {
    '@timestamp': at,
    event: { ingested: at, category: ['network'], type: ['connection', 'start'], outcome: 'success' },
    host: { id: host, name: host, os: { type: 'linux' } },
    process: {
      executable: `/opt/site/bin/program-${who % 10}`,
      entity_id: `${host} ${who % 10}`,
      pid: 1_000 + who,
    },
    source: { ip: `10.6.${Math.floor(who / 2_500)}.${1 + (Math.floor(who / 10) % 250)}` },
    destination: { ip: destination, port: 445 },
    network: { transport: 'tcp' },
  };
}

/** As Elastic's templates map these fields. */
export const siteMapping = {
  dynamic_templates: [{ texts: { match_mapping_type: 'string' as const, mapping: { type: 'keyword' as const } } }],
  properties: {
    '@timestamp': { type: 'date' as const },
    event: { properties: { ingested: { type: 'date' as const } } },
    source: { properties: { ip: { type: 'ip' as const } } },
    destination: { properties: { ip: { type: 'ip' as const }, port: { type: 'long' as const } } },
  },
};

export const siteRandom = (): Random => Random.of(7, 'engine bench');

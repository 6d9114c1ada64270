import { hunterRole } from '../../../mappings/search/roles.js';
import { tryRights } from './doctor-tries.js';
import type { Examined } from './examined.js';
import { type Finding, ok, problem, warning } from './finding.js';

/** What the user may do: as Elasticsearch tells, on OpenSearch by trying. */
export const examinePrivileges = (examined: Examined): Promise<Finding[]> =>
  examined.engine === 'elasticsearch' ? askRights(examined) : tryRights(examined);

/** Rights, each with whether it is given. */
type Rights = Readonly<Record<string, boolean>>;

interface Told {
  username: string;
  cluster: Rights;
  index: Readonly<Record<string, Rights>>;
}

async function askRights({ connection, telemetry, prefix }: Examined): Promise<Finding[]> {
  const { cluster, indices } = hunterRole(telemetry.filter(isHere), prefix);
  const { statusCode, body } = await connection.request((client) =>
    client.transport.request<Told>(
      { method: 'POST', path: '/_security/user/_has_privileges', body: { cluster, index: indices } },
      { ignore: [400], meta: true },
    ),
  );
  return statusCode === 400
    ? [warning('security is off: whoever reaches the engine may do everything', 'turn it on')]
    : judgeRights(body);
}

/** Other clusters are asked by rights of their own, and a minus takes something out. */
const isHere = (pattern: string): boolean => !/:|^-/.test(pattern);

function judgeRights({ username, cluster, index }: Told): Finding[] {
  const over = new Map<string, string[]>();
  for (const [names, rights] of Object.entries(index))
    for (const right of lack(rights)) over.set(right, [...(over.get(right) ?? []), names]);
  const lacking = [
    ...lack(cluster).map((right) => `the cluster privilege ${right}`),
    ...[...over].map(([right, names]) => `the privilege ${right} over ${names.join(', ')}`),
  ];
  if (lacking.length === 0) return [ok(`the user ${username} has every right that hunts need`)];
  return lacking.map((right) =>
    problem(
      `the user ${username} lacks ${right}`,
      'give it what mappings/search/roles/elasticsearch-hunter.json says, for the indices that are hunted',
    ),
  );
}

const lack = (rights: Rights): string[] => Object.keys(rights).filter((right) => !rights[right]);

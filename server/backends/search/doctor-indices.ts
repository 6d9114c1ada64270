import type { estypes } from '@elastic/elasticsearch';
import type { Examined } from './examined.js';
import { type Finding, listOf, ok, problem, warning } from './finding.js';

/** Which indices the patterns match, and which of those a search leaves out without a word: the closed ones. */
export async function examineIndices({ connection, telemetry }: Examined): Promise<Finding[]> {
  const matched = await Promise.all(
    telemetry.map((name) =>
      connection.request((client) =>
        client.indices.resolveIndex({ name, expand_wildcards: ['open', 'closed', 'hidden'] }, { ignore: [404] }),
      ),
    ),
  );
  return judgeIndices(telemetry, matched.map(readMatched));
}

/** What one pattern matches. */
export interface Matched {
  open: readonly string[];
  closed: readonly string[];
}

/** Indices behind a data stream are hidden ones; aliases are of indices that may have other names. */
function readMatched({
  indices = [],
  aliases = [],
  data_streams: streams = [],
}: Partial<estypes.IndicesResolveIndexResponse>): Matched {
  const isClosed = ({ attributes }: estypes.IndicesResolveIndexResolveIndexItem) => attributes.includes('closed');
  const open = indices.filter((index) => !isClosed(index)).map(({ name }) => name);
  const closed = indices.filter(isClosed).map(({ name }) => name);
  const others = [...aliases, ...streams].map(({ name }) => name);
  return { open: [...open, ...others], closed };
}

export function judgeIndices(patterns: readonly string[], matched: readonly Matched[]): Finding[] {
  const open = new Set(matched.flatMap((one) => one.open));
  const closed = [...new Set(matched.flatMap((one) => one.closed))].sort();
  const vain = patterns.filter((_, at) => matched[at]!.open.length + matched[at]!.closed.length === 0);
  const found: Finding[] = [
    open.size === 0
      ? problem(
          `no open index is matched by ${patterns.join(', ')}`,
          'name the indices of telemetry by SCANHOUND_INDICES, and check that they may be read',
        )
      : ok(
          `telemetry: ${open.size} ${open.size === 1 ? 'name' : 'names'} matched${vain.length > 0 ? `; nothing by ${vain.join(', ')}` : ''}`,
        ),
  ];
  if (closed.length > 0)
    found.push(
      warning(`closed, so never searched: ${listOf(closed)}`, 'open them, if they hold telemetry to be hunted'),
    );
  return found;
}

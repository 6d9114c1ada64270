import type { Command } from 'commander';
import type { Analytic, Tunable, TunableValue } from '../../queries/analytic.js';
import { analytics } from '../../queries/analytics/index.js';
import { jsonOption } from './options.js';
import { print } from './output.js';
import { unpadded, wrappedTable } from './plain-table.js';

/** With two spaces after each: 120 columns at most. */
const COLUMNS = { Tunable: 28, Default: 18, Range: 16, From: 11, 'Unit. Meaning. Source': 47 };

/** scanhound analytics */
export function addAnalytics(program: Command): void {
  program
    .command('analytics')
    .description('show the four analytics with every tunable: default, unit, range, source, ATT&CK’s or ours')
    .addOption(jsonOption('whole definitions'))
    .action(({ json }: { json?: boolean }) => {
      for (const analytic of analytics) print(json ? JSON.stringify(analytic) : `${describe(analytic)}\n`);
    });
}

function describe(analytic: Analytic): string {
  const table = wrappedTable(COLUMNS);
  for (const [name, tunable] of Object.entries(analytic.tunables)) table.push(row(name, tunable));
  return `${analytic.id} ${analytic.name}\n${analytic.description}\n\n${unpadded(table)}`;
}

const row = (name: string, tunable: Tunable): string[] => [
  name,
  shortened(tunable.default),
  tunable.range?.map((bound) => bound.toLocaleString('en-US')).join(' to ') ?? tunable.choices?.join(', ') ?? '',
  tunable.origin,
  [tunable.unit, tunable.says, tunable.source].map((part) => part.replace(/\.?$/, '.')).join(' '),
];

const MOST_ITEMS = 3;

function shortened(value: TunableValue): string {
  if (!Array.isArray(value)) return String(value);
  if (value.length === 0) return 'none';
  const more = value.length - MOST_ITEMS;
  return value.slice(0, MOST_ITEMS).join(', ') + (more > 0 ? ` and ${more} more (--json)` : '');
}

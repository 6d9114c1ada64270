import { cruise, type IFlattenedRuleSet } from 'dependency-cruiser';

/**
 * Holds the import directions of ARCHITECTURE.md: who may know whom, and who alone owns a library. Fails when no module
 * was read, as a check that reads nothing passes everything.
 */
const forbidden: NonNullable<IFlattenedRuleSet['forbidden']> = [
  only('queries', '^queries/', ['^queries/']),
  only('model', '^server/model/', ['^server/model/', '^queries/']),
  only('mappings', '^mappings/', ['^mappings/', '^queries/', '^server/model/']),
  only('hunt', '^server/hunt/', ['^server/hunt/', '^server/model/', '^queries/']),
  only('shared', '^server/backends/shared/', ['^server/backends/shared/', '^server/model/']),
  ...['duckdb', 'search'].map((name) =>
    only(name, `^server/backends/${name}/`, [
      ...[`^server/backends/(${name}|shared)/`, '^server/model/', '^queries/', '^mappings/'],
    ]),
  ),
  only('importers', '^server/importers/', ['^server/importers/', '^server/model/', '^queries/']),
  only('jobs', '^server/jobs/', ['^server/jobs/', '^server/hunt/', '^server/model/', '^queries/']),
  only('api', '^server/api/', ['^server/api/', '^server/hunt/', '^server/model/', '^queries/']),
  owner('node-schedule', ['^server/jobs/schedule\\.ts$']),
  owner('winston', ['^server/logger\\.ts$']),
  owner('yaml', ['^server/config-file\\.ts$']),
  owner('prom-client', ['^server/metrics\\.ts$']),
  owner('express', ['^server/api/']),
  owner('@duckdb/node-api', ['^server/backends/duckdb/', '^scripts/bench/']), // the benches measure DuckDB itself too
  owner('@elastic/elasticsearch', ['^server/backends/search/']),
  owner('@elastic/ecs-winston-format', ['^server/logger\\.ts$']),
  owner('@ts-evtx/core', ['^server/importers/evtx-worker\\.ts$']),
  owner('commander', ['^server/cli/', '^scripts/']),
  {
    name: 'the pure parts know no disk and no network',
    severity: 'error',
    from: { path: '^(queries|server/model|server/hunt|mappings)/' },
    to: { path: '^(node:)?(fs|fs/promises|http|https|net|child_process|worker_threads)$' },
  },
  { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
];

/** Of our own modules, `from` may import only these. */
function only(name: string, from: string, allowed: string[]) {
  return {
    name: `${name} imports only what is below it`,
    severity: 'error' as const,
    from: { path: from },
    to: { path: '^(queries|mappings|server|scripts|test|web)/', pathNot: allowed },
  };
}

/** Only these modules import the library; tests may. */
function owner(library: string, owners: string[]) {
  return {
    name: `${library} has one owner`,
    severity: 'error' as const,
    from: { path: '^(queries|mappings|server|scripts)/', pathNot: owners },
    to: { path: `^node_modules/${library}/` },
  };
}

const { output } = await cruise(['queries', 'mappings', 'server', 'scripts'], {
  validate: true,
  ruleSet: { forbidden },
  doNotFollow: { path: 'node_modules' },
  tsPreCompilationDeps: true,
  tsConfig: { fileName: 'tsconfig.json' },
  enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
});
if (typeof output === 'string') throw new TypeError('The border check gave no result.');
const { violations, totalCruised } = output.summary;
for (const { rule, from, to } of violations) process.stderr.write(`${rule.name}: ${from} -> ${to}\n`);
process.stdout.write(`Borders: ${totalCruised} modules read, ${violations.length} violations.\n`);
if (totalCruised === 0 || violations.length > 0) process.exitCode = 1;

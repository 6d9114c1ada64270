import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analytics } from '../../queries/analytics/index.js';
import { toPlan } from '../../queries/plan.js';
import { TunableError, tunablesOf } from '../../queries/tunable-values.js';

/** ATT&CK's mutable elements of DET0376, by analytic. */
const MUTABLE = {
  AN1057: ['ScanRateThreshold', 'KnownScannerExeList', 'TimeWindow'],
  AN1058: ['PortScanThreshold', 'ToolPatternRegex', 'ExpectedScanSources'],
  AN1059: ['MDNSServiceQueryPatterns', 'UserContext', 'ScanToolList'],
  AN1060: ['ExecutablePath', 'TimeWindow', 'NetworkDestinationCount'],
};

for (const analytic of analytics) {
  test(`${analytic.id} is data`, () => assert.deepEqual(JSON.parse(JSON.stringify(analytic)), analytic));

  test(`${analytic.id} has ATT&CK's mutable elements under their names, and no other as ATT&CK's`, () => {
    const named = Object.entries(analytic.tunables).filter(([, { origin }]) => origin === 'ATT&CK');
    assert.deepEqual(named.map(([name]) => name).sort(), [...MUTABLE[analytic.id]].sort());
  });

  test(`${analytic.id}: every threshold and port list of a measure is a tunable`, () => {
    for (const measure of analytic.measures) {
      assert.equal(typeof analytic.tunables[measure.threshold]?.default, 'number', measure.threshold);
      if (measure.ports) assert.ok(Array.isArray(analytic.tunables[measure.ports]?.default), measure.ports);
    }
  });

  test(`${analytic.id}: every default passes its own check`, () => {
    const defaults = Object.fromEntries(
      Object.entries(analytic.tunables).map(([name, tunable]) => [name, tunable.default]),
    );
    assert.deepEqual(tunablesOf(analytic, defaults), tunablesOf(analytic));
  });

  test(`${analytic.id}: a raised threshold quiets all its windows`, () => {
    const settings = { FailedSocketThreshold: 20 };
    const windows = (plan: ReturnType<typeof toPlan>) =>
      plan.measures.find(({ name, outcome }) => name === 'sockets' && outcome === 'failed')?.windows;
    assert.deepEqual(windows(toPlan(analytic, tunablesOf(analytic, settings))), [
      { seconds: 60, threshold: 20 },
      { seconds: 600, threshold: 20 },
      { seconds: 3_600, threshold: 40 },
      { seconds: 86_400, threshold: 80 },
    ]);
  });

  test(`${analytic.id}: unknown tunables and values out of range are refused by name`, () => {
    assert.throws(() => tunablesOf(analytic, { Nonsense: 1 }), TunableError);
    assert.throws(() => tunablesOf(analytic, { TimeWindow: 0 }), /TimeWindow/);
    assert.throws(() => tunablesOf(analytic, { PollingRounds: 1 }), /PollingRounds/);
    assert.throws(() => tunablesOf(analytic, { OwnNetworks: ['10.0.0.0/33'] }), /OwnNetworks/);
    assert.throws(() => tunablesOf(analytic, { ToolPatternRegex: ['('] }), /ToolPatternRegex/);
    assert.throws(() => tunablesOf(analytic, { UserContext: 'root' }), /UserContext/);
  });
}

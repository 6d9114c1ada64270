import type { Alert } from '../../server/model/alert.js';

type Changes = Partial<{
  analytic: Alert['scanhound']['analytic'];
  state: Alert['scanhound']['state'];
  severity: Alert['scanhound']['severity'];
  shape: Alert['scanhound']['shape'];
  score: number;
  start: string;
  end: string;
  host: string;
  source: string;
  user: string;
  process: string;
  executable: string;
  evidence: Alert['scanhound']['evidence'];
}>;

/** A whole alert, as the hunt writes it. */
export function sampleAlert(changes: Changes = {}): Alert {
  const start = changes.start ?? '2026-01-31T08:00:00.000Z';
  const end = changes.end ?? start;
  return {
    '@timestamp': '2026-01-31T09:00:00.000Z',
    ecs: { version: '9.0.0' },
    event: {
      kind: 'alert',
      category: ['network'],
      type: ['indicator'],
      start,
      end,
      risk_score: changes.score ?? 50,
      severity: 47,
      reason: 'A sweep.',
      module: 'scanhound',
      dataset: 'scanhound.alert',
    },
    rule: { id: 'AN1058', name: 'Linux', version: '1', category: 'Network Service Discovery', reference: '' },
    threat: {
      framework: 'MITRE ATT&CK',
      tactic: { id: 'TA0007', name: 'Discovery', reference: '' },
      technique: { id: 'T1046', name: 'Network Service Discovery', reference: '' },
    },
    host: { name: changes.host ?? 'web1' },
    ...(changes.process !== undefined && {
      process: { name: changes.process, ...(changes.executable !== undefined && { executable: changes.executable }) },
    }),
    source: { ip: changes.source ?? '10.0.0.5' },
    related: { ip: ['10.0.0.5'], hosts: [changes.host ?? 'web1'], user: [changes.user ?? 'root'] },
    scanhound: {
      analytic: changes.analytic ?? 'AN1058',
      tunables: { TimeWindow: 60 },
      subject: { kind: 'address', key: '["address","10.0.0.5"]' },
      state: changes.state ?? 'active',
      severity: changes.severity ?? 'medium',
      shape: changes.shape ?? 'horizontal',
      measures: [],
      targets: { hosts: 25, ports: 1, sockets: 25, top: [] },
      outcomes: { accepted: 0, refused: 25, unanswered: 0, unknown: 0 },
      runs: { ports: 1, addresses: 25, unit_steps: 1, density: 1 },
      polling: { share: 0, recurring: false },
      service_types: [],
      evidence: changes.evidence ?? [],
      launches: [],
      score_parts: [],
      processes: { ids: [], parents: [] },
      revision: 1,
    },
  };
}

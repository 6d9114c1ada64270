import { type FileResult, isLab } from './files.js';
import type { Judgement } from './known-scan.js';
import { ALL, type LabResult, TOGETHER } from './lab.js';
import type { LabelledResult } from './labelled.js';

export interface Goal {
  says: string;
  /** What it came to. */
  result: string;
  /** What is in the way; none: reached. */
  missed: string[];
}

/** As many of the lab's scans have to be found by one sensor of the network alone. */
const LEAST_ON_A_SENSOR = 10;
const SENSORS = ['Zeek TSV', 'Zeek JSON', 'EVE'];

export function goalsOfFiles(files: readonly FileResult[]): Goal[] {
  const elsewhere = files.filter(({ file }) => !isLab(file));
  return [
    ...(['tuning', 'kept aside'] as const).map((set) => {
      const own = elsewhere.filter((file) => file.set === set);
      const wanted = own.flatMap(({ scans }) => scans.filter(({ isGoal }) => isGoal));
      const missed = own.flatMap(({ file, judgement }) =>
        judgement.missed.filter(({ isGoal }) => isGoal).map(({ name, says }) => `${file}: ${name}, ${says}`),
      );
      const found = `${wanted.length - missed.length} of ${wanted.length}`;
      return goal(`public files (${set}): every scan of 10 sockets in 10 minutes is found`, found, missed);
    }),
    quiet('hard negatives: no alert', elsewhere, isHard),
    goal(
      'hard negatives: none is quiet because nothing of it was stored',
      `${elsewhere.filter(isHard).length} files`,
      elsewhere.filter((file) => isHard(file) && file.refused >= file.events).map(({ file }) => file),
    ),
    quiet('all other public files: no alert outside a known scan', elsewhere, (file) => !isHard(file)),
    goal(
      'public files: one alert a scan',
      `${elsewhere.flatMap(({ judgement }) => judgement.found).length} scans found`,
      elsewhere.flatMap(({ file, judgement }) => doubled(file, judgement)),
    ),
    goal(
      'every public file that can be read is in the truth table',
      `${elsewhere.length} files`,
      elsewhere.flatMap(({ file, truth }) => (truth ? [] : [file])),
    ),
  ];
}

const isHard = ({ truth }: FileResult): boolean => truth?.kind === 'hard negative';

function quiet(says: string, files: readonly FileResult[], isMeant: (file: FileResult) => boolean): Goal {
  const meant = files.filter(isMeant);
  const extra = meant.flatMap(({ file, judgement }) => extraOf(file, judgement));
  return goal(says, `${extra.length} in ${meant.length} files`, extra);
}

export function goalsOfLab(lab: readonly LabResult[]): Goal[] {
  const together = lab.filter(({ name }) => name === TOGETHER.name || name === ALL.name);
  const sites = lab.filter(({ name }) => name !== ALL.name);
  const benign = lab.flatMap(({ name, alone }) =>
    alone
      .filter(({ label, isRight }) => label.kind === 'benign' && !isRight)
      .map(({ label, extra }) => `${name}, ${label.phase}: ${extra.join(' ')}`),
  );
  const outside = lab.flatMap(({ name, whole }) => extraOf(name, whole));
  const unequal = lab.flatMap(({ name, unequal: offsets }) => offsets.map((offset) => `${name}, ${offset / 1_000} s`));
  return [
    ...together.map((one) => scansFound(`lab, ${one.name}: all scans are found`, one, 0)),
    ...lab
      .filter(({ name }) => SENSORS.includes(name))
      .map((one) =>
        scansFound(`lab, ${one.name} alone: at least ${LEAST_ON_A_SENSOR} scans are found`, one, LEAST_ON_A_SENSOR),
      ),
    goal('lab: no benign phase alerts, alone', `${benign.length} of ${count(lab, 'benign')}`, benign),
    goal('lab: no alert outside a scan, in the whole run', `${outside.length} in ${lab.length} runs`, outside),
    goal(
      'lab: one alert a scan',
      sites.map(({ name, alerts }) => `${name} ${alerts}`).join(', '),
      sites.flatMap(({ name, whole }) => doubled(name, whole)),
    ),
    goal('lab: the same at every offset against the clock', `${unequal.length} other`, unequal),
  ];
}

/** Scans found both ways: in the whole run, and with the phase's records hunted alone. */
function scansFound(says: string, { whole, alone }: LabResult, least: number): Goal {
  const scans = alone.filter(({ label }) => label.kind === 'scan');
  const missed = scans
    .filter(({ label, isRight }) => !isRight || whole.missed.some(({ name }) => name === label.phase))
    .map(({ label }) => `${label.phase}: ${label.what}`);
  const found = scans.length - missed.length;
  const names = missed.length === 0 ? '' : `, without ${missed.map((one) => one.slice(0, 3)).join(' and ')}`;
  return goal(says, `${found} of ${scans.length}${names}`, found >= (least || scans.length) ? [] : missed);
}

const count = (lab: readonly LabResult[], kind: 'benign' | 'scan'): number =>
  lab.reduce((sum, { alone }) => sum + alone.filter(({ label }) => label.kind === kind).length, 0);

/** Telemetry with labels: every scan by its analytic, once, and nothing else; what is allowed is found and silenced. */
export function goalsOfLabelled({ name, scans, judgement, allowed }: LabelledResult): Goal[] {
  const wanted = scans.filter(({ isGoal }) => isGoal);
  const missed = judgement.missed.filter(({ isGoal }) => isGoal);
  const alerted = goal(
    `${name}: every scan is found by its analytic, once, and nothing else`,
    `${wanted.length - missed.length} of ${wanted.length}`,
    [
      ...missed.map((scan) => `missed ${scan.name}: ${scan.says}`),
      ...extraOf(name, judgement),
      ...doubled(name, judgement),
    ],
  );
  if (allowed.scans.length === 0) return [alerted];
  const silenced = goal(
    `${name}: scans of machines that may are found and silenced`,
    `${allowed.scans.length - allowed.missed.length} of ${allowed.scans.length}`,
    allowed.missed.map((scan) => `${name}: ${scan.name} was not silenced`),
  );
  return [alerted, silenced];
}

const extraOf = (where: string, { extra }: Judgement): string[] =>
  extra.map(({ event }) => `${where}: ${event.reason}`);

const doubled = (where: string, judgement: Judgement): string[] =>
  judgement.doubled.map(({ name }) => `${where}: several alerts of ${name}`);

const goal = (says: string, result: string, missed: string[]): Goal => ({ says, result, missed });

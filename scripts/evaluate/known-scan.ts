import type { AlertDocument } from '../../server/jobs/final-alerts.js';
import { isFinal } from '../../server/model/alert.js';
import { parseSubjectKey, type Subject } from '../../server/model/subject.js';

/** A scan that telemetry is known to hold. Times are epoch milliseconds. */
export interface KnownScan {
  /** Unique among the scans that are judged together. */
  name: string;
  /** The scanner's address, its host's name, or both. */
  who: readonly string[];
  start: number;
  end: number;
  /** At least 10 distinct sockets within 10 minutes: has to be found. The others are only reported. */
  isGoal: boolean;
  says: string;
  /** What was started: the alert of a program tells of the scan only where the command names the program. */
  command?: string;
  /** The analytic that has to find it. */
  analytic?: string;
}

/** Whom an alert or an episode is about, and when. */
export interface Sighting {
  subject: Subject;
  hostName: string | null;
  start: number;
  end: number;
}

/** Clocks of sensors and of labels differ, and a command ends before its last packet is answered. */
export const SLACK_BEFORE_MS = 1_000;
export const SLACK_AFTER_MS = 2_000;

/** Whether a sighting is of this scan: the same machine, at its time, and the program that was started. */
export function isOf(scan: KnownScan, { subject, hostName, start, end }: Sighting): boolean {
  if (start > scan.end + SLACK_AFTER_MS || end < scan.start - SLACK_BEFORE_MS) return false;
  if (subject.kind === 'address') return scan.who.includes(subject.address);
  // A raw audit log does not name its host: that its program was at work at the time must do.
  const isSameHost = subject.host === '' || scan.who.includes(hostName ?? subject.host);
  return isSameHost && (scan.command === undefined || namesProgram(scan.command, subject.process));
}

/** `nc.openbsd` and `C:\…\wsyncd.exe` are named by `nc -zv …` and `C:\…\wsyncd.exe -sT …`. */
function namesProgram(command: string, program: string): boolean {
  const [stem = ''] = (program.split(/[\\/]/).at(-1) ?? '').split('.');
  return command
    .toLowerCase()
    .split(/[^a-z0-9_-]+/)
    .includes(stem.toLowerCase());
}

export const sightingOf = ({ scanhound, host, event }: AlertDocument): Sighting => ({
  subject: parseSubjectKey(scanhound.subject.key),
  hostName: host?.name ?? null,
  start: Date.parse(event.start),
  end: Date.parse(event.end),
});

export interface Judgement {
  found: KnownScan[];
  missed: KnownScan[];
  /** Scans that more than one alert is about. */
  doubled: KnownScan[];
  /** Standing alerts that are about no known scan. */
  extra: AlertDocument[];
}

/** Holds alerts of all states against what is known. What was joined to a standing alert is told by it. */
export function judge(alerts: readonly AlertDocument[], scans: readonly KnownScan[]): Judgement {
  const standing = alerts.filter(isFinal).map((alert) => ({
    alert,
    told: [alert, ...alerts.filter(({ scanhound }) => scanhound.joined_to === alert.id)],
  }));
  const isFoundBy = (scan: KnownScan, alert: AlertDocument) =>
    isOf(scan, sightingOf(alert)) && (scan.analytic === undefined || scan.analytic === alert.scanhound.analytic);
  const isFound = (scan: KnownScan) => standing.some(({ told }) => told.some((alert) => isFoundBy(scan, alert)));
  return {
    found: scans.filter(isFound),
    missed: scans.filter((scan) => !isFound(scan)),
    doubled: scans.filter((scan) => standing.filter(({ alert }) => isOf(scan, sightingOf(alert))).length > 1),
    extra: standing
      .filter(({ told }) => !told.some((alert) => scans.some((scan) => isOf(scan, sightingOf(alert)))))
      .map(({ alert }) => alert),
  };
}

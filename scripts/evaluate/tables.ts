import Table from 'cli-table3';
import { bare, plain, unpadded } from '../../server/cli/plain-table.js';
import { printable } from '../../server/printable.js';
import { type FileResult, isLab } from './files.js';
import type { Goal } from './goals.js';
import type { Judgement } from './known-scan.js';
import type { LabResult } from './lab.js';
import type { LabelledResult } from './labelled.js';
import type { Extreme, Margin } from './margins.js';

export interface Sheet {
  title: string;
  head: string[];
  rows: string[][];
}

export function filesSheet(files: readonly FileResult[]): Sheet {
  return {
    title: 'Public files, each hunted alone',
    head: [
      'File',
      'Set',
      'What is in it',
      'Events',
      'Contacts',
      'Refused',
      'Found',
      'Missed',
      'Missed, no goal',
      'Extra',
    ],
    rows: files.map(({ file, set, truth, events, contacts, refused, judgement }) => [
      file,
      set,
      isLab(file) ? "the lab's scans (a table of their own)" : `${truth?.kind ?? 'UNKNOWN'}: ${truth?.says ?? ''}`,
      number(events),
      number(contacts),
      number(refused),
      ...judged(judgement),
    ]),
  };
}

export function labelledSheet(results: readonly LabelledResult[]): Sheet {
  return {
    title: 'The bundled sample, and other seeds of the simulator (simulated)',
    head: [
      ...['Telemetry', 'Events', 'Contacts', 'Refused', 'Alerts'],
      ...['Found', 'Missed', 'Missed, no goal', 'Extra', 'Silenced'],
    ],
    rows: results.map(({ name, events, contacts, refused, alerts, judgement, allowed }) => [
      name,
      number(events),
      number(contacts),
      number(refused),
      number(alerts),
      ...judged(judgement),
      list(allowed.sources),
    ]),
  };
}

/** Scans found, scans missed, slower ones missed that no goal asks for, alerts outside any scan. */
const judged = ({ found, missed, extra }: Judgement): string[] => [
  list(found.map(({ name }) => name)),
  list(missed.filter(({ isGoal }) => isGoal).map(({ name }) => name)),
  list(missed.filter(({ isGoal }) => !isGoal).map(({ name }) => name)),
  list(extra.map(({ event }) => event.reason)),
];

const list = (names: readonly string[]): string =>
  names.length > 3 ? `${names.length}: ${names.slice(0, 3).join(', ')} …` : names.join(', ');

/** One row a phase, one column a format: in the whole run and, after the stroke, alone. */
export function labSheet(lab: readonly LabResult[]): Sheet {
  const phases = lab[0]!.alone.map(({ label }) => label);
  const cell = ({ whole, alone }: LabResult, index: number): string => {
    const { label, isRight, extra } = alone[index]!;
    if (label.kind === 'benign') return isRight ? 'quiet' : `ALERTS: ${extra.join(' ')}`;
    const isMissed = whole.missed.some(({ name }) => name === label.phase);
    return `${isMissed ? 'missed' : 'found'} / ${isRight ? 'found' : 'missed'}`;
  };
  const perSet = (of: (result: LabResult) => string[]) => lab.map((result) => of(result).join(', ') || 'none');
  return {
    title: 'The lab, phase by phase: in the whole run / with its records hunted alone (benign phases: alone)',
    head: ['Phase', 'What', ...lab.map(({ name }) => name)],
    rows: [
      ...phases.map((label, index) => [label.phase, label.what, ...lab.map((result) => cell(result, index))]),
      [
        '',
        'alerts outside any scan, whole run',
        ...perSet(({ whole }) => whole.extra.map(({ event }) => event.reason)),
      ],
      ['', 'alerts that stand, whole run', ...lab.map(({ alerts }) => String(alerts))],
      ['', 'scans with several alerts, whole run', ...perSet(({ whole }) => whole.doubled.map(({ name }) => name))],
      ['', 'offsets with another result', ...lab.map(({ offsets, unequal }) => `${unequal.length} of ${offsets}`)],
    ],
  };
}

/** The windows of an hour and a day only where something reaches them. */
export function marginsSheet(margins: readonly Margin[]): Sheet {
  const isTold = ({ windowSeconds, benign, least, missed }: Margin) =>
    windowSeconds <= 600 || [benign.tuning, benign['kept aside'], least, missed].some((one) => one !== undefined);
  return {
    title: 'Thresholds, between the most that anything benign reaches and the least of the scans found by them',
    head: [
      'Threshold',
      'Counts',
      'Window',
      'Is',
      'Benign, tuning',
      'Benign, kept aside',
      'Least scan',
      'Most scan below',
    ],
    rows: margins
      .filter(isTold)
      .map((margin) => [
        margin.tunable,
        margin.counts,
        duration(margin.windowSeconds),
        String(margin.threshold),
        ...[margin.benign.tuning, margin.benign['kept aside'], margin.least, margin.missed].map(reached),
      ]),
  };
}

const reached = (extreme: Extreme | undefined): string => (extreme ? `${extreme.distinct} (${extreme.where})` : '–');

export function goalsSheet(goals: readonly Goal[]): Sheet {
  return {
    title: 'Goals',
    head: ['', 'Goal', 'Result'],
    rows: goals.map(({ says, result, missed }) => [missed.length === 0 ? 'pass' : 'FAIL', says, result]),
  };
}

/** Longer cells are wrapped, but names of files are to be copied whole. */
const WIDEST = 48;
/** Spaces between columns, as `plain` pads them. */
const GAP = 2;

export function toText({ title, head, rows }: Sheet): string {
  const widths = head.map((name, column) => {
    const longest = Math.max(name.length, ...rows.map((row) => row[column]!.length));
    return column > 0 && longest > WIDEST ? WIDEST + GAP : longest + GAP;
  });
  const table = new Table({ head, colWidths: widths, wordWrap: true, chars: bare, style: plain });
  for (const row of rows) table.push(row.map(printable));
  return `${title}\n\n${unpadded(table)}\n`;
}

export function toMarkdown({ title, head, rows }: Sheet): string {
  const line = (cells: readonly string[]) => `| ${cells.map(inCell).join(' | ')} |`;
  return [`### ${title}`, '', line(head), line(head.map(() => '---')), ...rows.map(line), ''].join('\n');
}

/** A cell may hold what telemetry says. */
const inCell = (cell: string): string => printable(cell).replace(/[\\|<>`*_[\]]/g, (mark) => `\\${mark}`);

const number = (value: number): string => value.toLocaleString('en-US');

const duration = (seconds: number): string => (seconds < 3_600 ? `${seconds / 60} min` : `${seconds / 3_600} h`);

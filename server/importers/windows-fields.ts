import type { WindowsEvent } from './windows-event.js';
import { argumentsOf, executableOf, fileNameOf } from './windows-values.js';

/** ECS fields by dotted name; undefined where the event lacks the value. */
export type Fields = Record<string, unknown>;

/** The events of one log, by their id, as the fields that only they have. */
export type EventTable = ReadonlyMap<string, (event: WindowsEvent) => Fields>;

export const processEvent = (type: 'start' | 'end', action: string): Fields => ({
  'event.category': ['process'],
  'event.type': [type],
  'event.action': action,
});

/** @param prefix `process` or `process.parent` */
export const programFields = (prefix: string, path: string | undefined): Fields => ({
  [`${prefix}.executable`]: executableOf(path),
  [`${prefix}.name`]: fileNameOf(path),
});

/** @param prefix `process` or `process.parent` */
export const commandFields = (prefix: string, commandLine: string | undefined): Fields => ({
  [`${prefix}.command_line`]: commandLine,
  [`${prefix}.args`]: argumentsOf(commandLine),
});

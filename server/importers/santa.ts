import type { EcsDocument } from '../../queries/document.js';
import { type ParsedDocument, Rejected, type TextFormat } from './format.js';
import { numberAt, present, textAt } from './host-values.js';
import { fileNameOf, timeOf } from './windows-values.js';

const LINE = /^\[(\d{4}-\d\d-\d\dT[\d:.]{8,18}Z)\] [A-Z] santad: (action=[A-Z_]{1,40}(?:\||$).*)$/;
/** Santa's parts also write of themselves. */
const ANY_LINE = /^\[[^\]]{1,40}\] [A-Z] santa/;

/**
 * Santa's log on macOS: which programs it let run (EXEC) and which ended (EXIT). What it stopped never ran and is no
 * launch. Documents are those of Elastic's santa integration, whose arguments begin with the path and then repeat the
 * program's name; ours are the program's own. Lines name their host only where `EnableMachineIDDecoration` is set.
 */
export const santa: TextFormat = {
  name: 'Santa',
  provenUnseen: true,
  recognizes: (head) => head.split('\n', 50).some((line) => LINE.test(line.trimEnd())),
  open: () => ({ line: (text) => documentsOf(text.trimEnd()), end: () => [], header: () => [] }),
};

function documentsOf(text: string): ParsedDocument[] {
  if (text === '') return [];
  const [, time, rest] = LINE.exec(text) ?? [];
  if (rest === undefined) {
    if (ANY_LINE.test(text)) return [];
    throw new Rejected('not_this_format', 'No line of Santa');
  }
  const fields = valuesOf(rest);
  const kind = KINDS.get(textAt(fields, 'action') ?? '');
  if (!kind) return [];
  const iso = timeOf(time);
  if (iso === undefined) throw new Rejected('no_time', 'The time is none');
  return [{ document: present({ '@timestamp': iso, ...kind(fields) }) }];
}

const KINDS: ReadonlyMap<string, (fields: EcsDocument) => EcsDocument> = new Map([
  ['EXEC', execFields],
  ['EXIT', exitFields],
]);

/** `key=value|key=value`; arguments come last and may hold anything. */
function valuesOf(text: string): EcsDocument {
  const at = text.indexOf('|args=');
  const pairs = (at < 0 ? text : text.slice(0, at)).split('|').map((pair): [string, string] => {
    const equals = pair.indexOf('=');
    return equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
  });
  const values = Object.fromEntries(pairs);
  return at < 0 ? values : { ...values, args: text.slice(at + '|args='.length) };
}

function execFields(fields: EcsDocument): EcsDocument {
  const path = textAt(fields, 'path');
  const commandLine = textAt(fields, 'args');
  const isStopped = textAt(fields, 'decision') === 'DENY';
  return {
    ...commonFields(fields),
    'event.action': 'exec',
    'event.category': ['process'],
    'event.type': ['start'],
    'event.outcome': isStopped ? 'failure' : 'success',
    'process.executable': path,
    'process.name': fileNameOf(path),
    'process.args': commandLine?.split(' '),
    'process.command_line': commandLine,
    'process.hash.sha256': textAt(fields, 'sha256'),
    'santa.action': 'EXEC',
    'santa.decision': textAt(fields, 'decision'),
  };
}

function exitFields(fields: EcsDocument): EcsDocument {
  return {
    ...commonFields(fields),
    'event.action': 'exit',
    'event.category': ['process'],
    'event.type': ['end'],
  };
}

function commonFields(fields: EcsDocument): EcsDocument {
  const pid = textAt(fields, 'pid');
  const version = textAt(fields, 'pidversion');
  return {
    'event.kind': 'event',
    'event.module': 'santa',
    'event.dataset': 'santa.log',
    'process.pid': numberAt(fields, 'pid'),
    'process.entity_id': pid === undefined || version === undefined ? undefined : `${pid}-${version}`,
    'process.parent.pid': numberAt(fields, 'ppid'),
    'user.id': textAt(fields, 'uid'),
    'user.name': textAt(fields, 'user'),
    'host.id': textAt(fields, 'machineid'),
    'host.os.type': 'macos',
  };
}

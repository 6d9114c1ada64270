import { encodedBytes } from './auditd-record.js';

/** Arguments as they come: by number, each in pieces by number. Several EXECVE records may hold them. */
export type ArgumentPieces = Map<number, Map<number, Buffer>>;

/** `a0="nmap"`, `a1=2D7A` or, where an argument is long, `a2_len=… a2[0]=… a2[1]=…`. */
const ARGUMENT = /^a(\d{1,7})(?:\[(\d{1,7})\])?$/;

export function addArguments(pieces: ArgumentPieces, fields: ReadonlyMap<string, string>): void {
  for (const [key, value] of fields) {
    const match = ARGUMENT.exec(key);
    if (!match) continue;
    const number = Number(match[1]);
    const argument = pieces.get(number) ?? new Map<number, Buffer>();
    argument.set(Number(match[2] ?? 0), encodedBytes(value));
    pieces.set(number, argument);
  }
}

/** The arguments in order; a cut between two pieces may fall inside a character. Those a log lacks are left out. */
export function joinArguments(pieces: ArgumentPieces): string[] | undefined {
  if (pieces.size === 0) return undefined;
  return inOrder(pieces).map((argument) => Buffer.concat(inOrder(argument)).toString());
}

const inOrder = <T>(numbered: Map<number, T>): T[] => [...numbered].sort(([a], [b]) => a - b).map(([, value]) => value);

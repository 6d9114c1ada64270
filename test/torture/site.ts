import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EcsDocument } from '../../queries/document.js';
import type { Settings } from '../../server/jobs/settings.js';
import { Cast } from '../scenarios/cast.js';
import { zeekConn } from '../scenarios/telemetry/sensors.js';
import { securityConnection } from '../scenarios/telemetry/windows.js';
import { at, MINUTE, repeat } from '../scenarios/times.js';

const cast = new Cast(0);

/** As far apart as these sweeps are, the longer windows don't hold two of them. */
export const settings: Settings = [['TimeWindow', 1]];

const burst = (seconds: number, network: number, stepMs = 6): EcsDocument[] =>
  repeat(16, (i) =>
    zeekConn({ at: at(seconds, i * stepMs), from: cast.machine().ip, to: `10.200.${network}.${i + 1}`, port: 443 }),
  );
const ofProcess = (seconds: number, network: number): EcsDocument[] =>
  repeat(16, (i) =>
    securityConnection({
      at: at(seconds, i * 6),
      machine: cast.machine(),
      program: 'C:\\t.exe',
      to: `10.200.${network}.${i + 1}`,
      port: 443,
    }),
  );

/** One host sweeps again and again; what arrives late joins alerts of before, withdraws one, and begins another. */
const PIECES: readonly (readonly EcsDocument[])[] = [
  [...burst(0, 1), ...burst(28 * MINUTE, 3), ...burst(90 * MINUTE, 5), ...ofProcess(0, 1)],
  [
    ...burst(14 * MINUTE, 2), // joins the first two
    ...burst(50 * MINUTE, 5, 3_000), // rounds before the third, too slow to fire
    ...burst(55 * MINUTE, 5, 3_000),
  ],
  [...burst(180 * MINUTE, 7), ...ofProcess(180 * MINUTE, 7)],
];

/** Writes the pieces that arrive first, a file each, named so that their order is that of their arrival. */
export function writePieces(folder: string, count = PIECES.length): void {
  mkdirSync(folder, { recursive: true });
  for (const [index, piece] of PIECES.slice(0, count).entries())
    writeFileSync(join(folder, `piece-${index}.ndjson`), piece.map((one) => `${JSON.stringify(one)}\n`).join(''));
}

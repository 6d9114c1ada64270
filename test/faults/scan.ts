import type { EcsDocument } from '../../queries/document.js';
import { Cast } from '../scenarios/cast.js';
import { zeekConn } from '../scenarios/telemetry/sensors.js';
import { sysmonConnection, sysmonStart } from '../scenarios/telemetry/windows.js';
import { at, HOUR, repeat } from '../scenarios/times.js';

const cast = new Cast(0);

/** One more scan, seen by its host and by the network. */
export const scan = (number: number): EcsDocument[] => {
  const machine = cast.machine(number);
  const program = `C:\\tools\\scan${number}.exe`;
  const start = at(number * HOUR);
  return [
    sysmonStart({ at: start, machine, program, pid: 7, args: '10.0.0.0/24' }),
    ...repeat(30, (i) =>
      sysmonConnection({ at: start + i, machine, program, pid: 7, to: cast.ip(100 + i), port: 445 }),
    ),
    ...repeat(40, (i) => zeekConn({ at: start + i, from: machine.ip, to: cast.ip(100 + i), port: 445 })),
  ];
};

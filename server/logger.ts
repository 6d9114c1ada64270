import { ecsFormat } from '@elastic/ecs-winston-format';
import winston from 'winston';
import type { LogLevel } from './config.js';
import { printable } from './printable.js';

/** What a part of the service may say to the log. Facts are small and hold no telemetry. */
export interface Log {
  error(message: string, facts?: Facts): void;
  warn(message: string, facts?: Facts): void;
  info(message: string, facts?: Facts): void;
}

type Facts = Readonly<Record<string, string | number | boolean | undefined>>;

/** Facts with a field of their own in ECS; a run's id is the trace that its lines belong to. All others: `scanhound.*`. */
const FIELDS: Readonly<Record<string, string>> = { code: 'error.code', stack: 'error.stack_trace', run: 'trace.id' };

/** Logs to standard error: readable on a terminal, else ECS documents, one JSON object a line. */
export function createLog(level: LogLevel, isTerminal = process.stderr.isTTY === true): Log {
  const { combine, timestamp, printf } = winston.format;
  const readable = printf(({ timestamp: time, level: own, message, ...facts }) => {
    const said = Object.entries(facts).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
    return printable(`${String(time)} ${own}: ${String(message)}${said.join('')}`);
  });
  const named = winston.format((info) => {
    const { message, level: own, ...facts } = info;
    for (const [name, value] of Object.entries(facts)) {
      delete info[name];
      info[FIELDS[name] ?? `scanhound.${name}`] = value;
    }
    return info;
  });
  const ecs = combine(named(), ecsFormat({ apmIntegration: false, serviceName: 'scanhound' }));
  return winston.createLogger({
    level,
    format: isTerminal ? combine(timestamp(), readable) : ecs,
    transports: [new winston.transports.Console({ stderrLevels: ['error', 'warn', 'info', 'debug'] })],
  });
}

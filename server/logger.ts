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

/** Logs to standard error: readable on a terminal, else one JSON object a line. */
export function createLog(level: LogLevel, isTerminal = process.stderr.isTTY === true): Log {
  const { combine, timestamp, json, printf } = winston.format;
  const readable = printf(({ timestamp: time, level: own, message, ...facts }) => {
    const said = Object.entries(facts).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
    return printable(`${String(time)} ${own}: ${String(message)}${said.join('')}`);
  });
  return winston.createLogger({
    level,
    format: combine(timestamp(), isTerminal ? readable : json()),
    transports: [new winston.transports.Console({ stderrLevels: ['error', 'warn', 'info', 'debug'] })],
  });
}

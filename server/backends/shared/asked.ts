import type { Span } from '../../model/ports.js';

/** Processes of one host, within a span. */
export interface ProcessesAsked {
  host: string;
  processes: readonly string[];
  span: Span;
}

/** Addresses or hosts of which the holdings within a span, and a day around it, are asked. */
export interface HoldingsAsked {
  these: readonly string[];
  span: Span;
}

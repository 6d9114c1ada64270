/**
 * Every error that a user can meet: its HTTP status and what to do next. The command line exits with 2 where the
 * request was wrong (400), else with 1. README lists this table and a test compares.
 */
const ERRORS = {
  REQUEST_INVALID: { status: 400, hint: 'Correct the named fields and send it again.' },
  TUNABLE_INVALID: { status: 400, hint: 'scanhound analytics lists every tunable with its unit and range.' },
  ANALYTIC_UNKNOWN: { status: 400, hint: 'scanhound analytics lists them.' },
  USAGE: { status: 400, hint: 'scanhound help COMMAND lists what it takes.' },
  CONFIG_INVALID: { status: 400, hint: 'Correct the named environment variable or option.' },
  ALERT_UNKNOWN: { status: 404, hint: 'List the alerts: GET /api/alerts.' },
  RUN_UNKNOWN: { status: 404, hint: 'List the runs: GET /api/runs.' },
  JOB_UNKNOWN: { status: 404, hint: 'List the jobs: GET /api/jobs, or scanhound jobs list.' },
  ROUTE_UNKNOWN: { status: 404, hint: 'README lists the routes.' },
  METHOD_NOT_ALLOWED: { status: 405, hint: 'The Allow header lists the methods of this route.' },
  BODY_TOO_LARGE: {
    status: 413,
    hint: 'Send at most 100 kB; telemetry in bodies of at most 64 MiB: packed by gzip, or cut at ends of lines (split -C 60M).',
  },
  CONTENT_TYPE_UNSUPPORTED: {
    status: 415,
    hint: 'Send JSON in UTF-8 with content-type: application/json; telemetry also as application/x-ndjson, application/octet-stream or text/plain, plain or packed by gzip.',
  },
  ORIGIN_REFUSED: { status: 403, hint: 'Send it by a program, such as curl.' },
  HOST_REFUSED: { status: 421, hint: 'Ask by localhost or an address; SCANHOUND_ALLOWED_HOSTS allows more names.' },
  RUN_BUSY: { status: 429, hint: 'Wait for a run to end: GET /api/runs.' },
  INTAKE_BUSY: { status: 429, hint: 'Send it again after the seconds that Retry-After names.' },
  SOURCE_NOT_FOUND: { status: 404, hint: 'Check the path; a pattern must match at least one file.' },
  SOURCE_UNREADABLE: { status: 422, hint: 'Check its permissions, or unpack it first.' },
  FORMAT_UNKNOWN: {
    status: 422,
    hint: 'Name a file of a known format, or its folder to skip what is unknown.',
  },
  INPUT_UNKNOWN: { status: 422, hint: 'README lists the formats that are read.' },
  SERVICE_UNUSABLE: { status: 502, hint: 'Check --url, and that scanhound serve runs there.' },
  STORE_EMPTY: {
    status: 404,
    hint: 'Load some: scanhound import FILES… (or hunt files at once: scanhound hunt --input FILES…).',
  },
  INTERRUPTED: { status: 503, hint: 'Nothing is lost: run it again, it makes up what is missing.' },
  ADDRESS_UNUSABLE: { status: 500, hint: 'Choose another address or port: --host, --port (below 1024 needs rights).' },
  PORT_IN_USE: {
    status: 500,
    hint: 'Stop the other process, or choose another port: --port, SCANHOUND_PORT (0 = any free).',
  },
  STORE_LOCKED: {
    status: 503,
    hint: 'Stop that process, send it the files (import --url), or use another folder: --data, SCANHOUND_DATA.',
  },
  STORE_UNUSABLE: { status: 503, hint: 'Check the folder, its permissions and the free space.' },
  STORE_NOT_EMPTY: { status: 409, hint: 'Restore into another folder: --data, SCANHOUND_DATA.' },
  BACKUP_UNUSABLE: { status: 500, hint: 'Check the path, its permissions and the free space.' },
  STREAM_CUT: { status: 503, hint: 'Nothing was lost: the next run reads the span again.' },
  ENGINE_UNAVAILABLE: {
    status: 503,
    hint: 'Check that the engine is up and not overloaded; the next run makes up what is missing.',
  },
  ENGINE_REFUSED: { status: 502, hint: "Check the engine's address, the credentials, their rights and the indices." },
  ENGINE_UNTRUSTED: {
    status: 502,
    hint: 'Name the PEM file of its certificate authority by ELASTICSEARCH_CA or OPENSEARCH_CA, and an address that its certificate is for.',
  },
  ENGINE_ANSWER_INCOMPLETE: { status: 503, hint: 'Nothing was lost: the next run asks again.' },
  NOT_READY: { status: 503, hint: 'Ask again when /readyz answers 200.' },
  INTERNAL: { status: 500, hint: 'See the log of this time.' },
} as const;

export type ErrorCode = keyof typeof ERRORS;

export class AppError extends Error {
  readonly status: number;
  readonly hint: string;

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    ({ status: this.status, hint: this.hint } = ERRORS[code]);
  }
}

/** The table, for the docs. */
export const errorTable = (): readonly { code: ErrorCode; status: number; hint: string }[] =>
  Object.entries(ERRORS).map(([code, entry]) => ({ code: code as ErrorCode, ...entry }));

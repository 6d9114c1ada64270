/** Steps of a service's work, each with the calls of ports that belong to it; the first that fits counts. */
const STEPS: readonly (readonly [step: string, calls: RegExp])[] = [
  ['opening', /^open$/],
  ['import', /^events\.| import$/],
  [
    'what arrived',
    /^telemetry\.(position|extent|unread|sliceEnd|touched|acted|arrived)$| (job|lease|health|arrivals)$/,
  ],
  ['suspects', /^telemetry\.suspects$/],
  ['contacts', /^telemetry\.(contacts|queries|arps)$/],
  ['facts', /^telemetry\./],
  ['alerts', / (alert|head|silenced)$/],
  ['marks', / mark$/],
  ['ledger', / run$/],
];

/** The step that a call, as `port.method kind`, belongs to. */
export function stepOf(call: string): string {
  const [step] = STEPS.find(([, calls]) => calls.test(call)) ?? [];
  if (step === undefined) throw new Error(`No step makes the call ${call}.`);
  return step;
}

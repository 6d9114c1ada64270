import { allowLists } from './allow-lists.js';
import { an1057 } from './an1057.js';
import { an1058 } from './an1058.js';
import { an1059 } from './an1059.js';
import { an1060 } from './an1060.js';
import { attribution } from './attribution.js';
import { correlation } from './correlation.js';
import { episodes } from './episodes.js';
import { polling } from './polling.js';
import { runs } from './runs.js';
import type { Scenario } from './scenario.js';
import { scopes } from './scopes.js';
import { thresholds } from './thresholds.js';
import { tunedScenarios, tunedTogether } from './tunables.js';
import { windows } from './windows.js';

const untuned: readonly Scenario[] = [
  ...an1057,
  ...an1058,
  ...an1059,
  ...an1060,
  ...thresholds,
  ...scopes,
  ...polling,
  ...windows,
  ...runs,
  ...attribution,
  ...correlation,
  ...allowLists,
  ...episodes,
];

/** Every scenario: events in, alerts out, the same on every engine. */
export const scenarios: readonly Scenario[] = [...untuned, ...tunedScenarios];

/** The same scenarios in a third of the hunts, for engines. */
export const scenariosTogether: readonly Scenario[] = [...untuned, ...tunedTogether];

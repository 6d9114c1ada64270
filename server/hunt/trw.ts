import type { Outcome } from '../model/observation.js';

/**
 * Threshold random walk over first contacts (Jung, Paxson, Berger, Balakrishnan, IEEE S&P 2004): how likely failures
 * are when scanning (0.8) and when not (0.2), with errors of one in a hundred either way. A second opinion in the
 * score, never the gate: who knows it walks around it, and it needs outcomes.
 *
 * @param outcomes of the first contact with each host, in time order; unknown ones don't step
 */
export function walk(outcomes: readonly Outcome[]): 'scanner' | 'benign' | 'undecided' {
  let evidence = 0;
  for (const outcome of outcomes) {
    if (outcome === 'unknown') continue;
    evidence += outcome === 'accepted' ? -STEP : STEP;
    if (evidence >= BOUND) return 'scanner';
    if (evidence <= -BOUND) return 'benign';
  }
  return 'undecided';
}

const STEP = Math.log(0.8 / 0.2);
const BOUND = Math.log(0.99 / 0.01);

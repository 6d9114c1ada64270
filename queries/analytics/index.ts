import type { Analytic } from '../analytic.js';
import { an1057 } from './an1057.js';
import { an1058 } from './an1058.js';
import { an1059 } from './an1059.js';
import { an1060 } from './an1060.js';

/** DET0376, in ATT&CK's order. */
export const analytics: readonly Analytic[] = [an1057, an1058, an1059, an1060];

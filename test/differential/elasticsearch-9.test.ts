import { sameAlertsOnEngine } from './on-engine.js';

sameAlertsOnEngine('elasticsearch-9');

import { sameAlertsOnEngine } from './on-engine.js';

sameAlertsOnEngine('opensearch-3');

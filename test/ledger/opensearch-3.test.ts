import { ledgerOn } from './on-engine.js';

ledgerOn('opensearch-3');

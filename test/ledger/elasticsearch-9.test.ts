import { ledgerOn } from './on-engine.js';

ledgerOn('elasticsearch-9');

import { commandsOnEngine } from './on-engine.js';

commandsOnEngine('opensearch-3');

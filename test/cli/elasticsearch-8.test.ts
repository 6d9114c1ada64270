import { commandsOnEngine } from './on-engine.js';

commandsOnEngine('elasticsearch-8');

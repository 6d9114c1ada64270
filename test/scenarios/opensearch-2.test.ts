import { playOnEngine } from './on-engine.js';

playOnEngine('opensearch-2');

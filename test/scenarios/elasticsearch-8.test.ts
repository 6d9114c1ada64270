import { playOnEngine } from './on-engine.js';

playOnEngine('elasticsearch-8');

import { openInMemory } from '../backends/duckdb/open-in-memory.js';
import { scenarios } from './index.js';
import { playAll } from './play.js';

playAll('duckdb', openInMemory, scenarios);

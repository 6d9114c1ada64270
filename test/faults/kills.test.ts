import { storesIn } from '../torture/stores.js';
import { killsChangeNothing } from './kills-change-nothing.js';

killsChangeNothing('duckdb', {}, storesIn);

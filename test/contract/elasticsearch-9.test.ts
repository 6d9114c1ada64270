import { engineContract } from '../backends/search/engine-contract.js';

engineContract('elasticsearch-9');

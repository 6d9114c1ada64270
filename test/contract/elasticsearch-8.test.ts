import { engineContract } from '../backends/search/engine-contract.js';
import { setupContract } from '../backends/search/setup-contract.js';

engineContract('elasticsearch-8');
setupContract('elasticsearch-8');

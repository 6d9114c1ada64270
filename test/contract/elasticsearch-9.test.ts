import { engineContract } from '../backends/search/engine-contract.js';
import { setupContract } from '../backends/search/setup-contract.js';

engineContract('elasticsearch-9');
setupContract('elasticsearch-9');

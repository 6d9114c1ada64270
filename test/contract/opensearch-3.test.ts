import { engineContract } from '../backends/search/engine-contract.js';
import { setupContract } from '../backends/search/setup-contract.js';

engineContract('opensearch-3');
setupContract('opensearch-3');

import { engineContract } from '../backends/search/engine-contract.js';

engineContract('opensearch-2');

import { securityContract } from '../backends/search/security-contract.js';

securityContract('elasticsearch-9-secure');

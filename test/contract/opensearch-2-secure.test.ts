import { securityContract } from '../backends/search/security-contract.js';

securityContract('opensearch-2-secure');

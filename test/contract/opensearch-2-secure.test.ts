import { securityContract } from '../backends/search/security-contract.js';
import { putRoles } from '../backends/search/setup-by-roles.js';
import { needsEngine } from '../engines.js';

securityContract('opensearch-2-secure');
if (needsEngine('opensearch-2-secure').skip === undefined) putRoles('opensearch-2-secure');

import { closedIndicesAreNamed, huntsOverFaults } from './hunts-over-faults.js';

huntsOverFaults('opensearch-3');
closedIndicesAreNamed('opensearch-3');

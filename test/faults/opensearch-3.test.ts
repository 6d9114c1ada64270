import { engineAway } from './engine-away.js';
import { closedIndicesAreNamed, huntsOverFaults } from './hunts-over-faults.js';

engineAway('opensearch-3');
huntsOverFaults('opensearch-3');
closedIndicesAreNamed('opensearch-3');

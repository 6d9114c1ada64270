import { closedIndicesAreNamed, huntsOverFaults } from './hunts-over-faults.js';

huntsOverFaults('elasticsearch-9');
closedIndicesAreNamed('elasticsearch-9');

import { needsEngine } from '../engines.js';
import { storesOn } from '../torture/stores.js';
import { engineAway } from './engine-away.js';
import { closedIndicesAreNamed, huntsOverFaults } from './hunts-over-faults.js';
import { instancesAgree } from './instances.js';
import { killsChangeNothing } from './kills-change-nothing.js';

engineAway('elasticsearch-9');
huntsOverFaults('elasticsearch-9');
closedIndicesAreNamed('elasticsearch-9');
killsChangeNothing('elasticsearch-9', needsEngine('elasticsearch-9'), () => storesOn('elasticsearch-9'));
instancesAgree('elasticsearch-9');

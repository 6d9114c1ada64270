import { openInMemory } from '../backends/duckdb/open-in-memory.js';
import { at, DAY } from '../scenarios/times.js';
import { coverageContract } from './coverage-contract.js';
import { documentsContract } from './documents-contract.js';
import { eventsContract } from './events-contract.js';
import { hostTelemetryContract } from './host-telemetry-contract.js';
import { leasesContract } from './leases-contract.js';
import { telemetryContract } from './telemetry-contract.js';

const open = () => openInMemory(() => at(30 * DAY));

documentsContract('duckdb', open);
leasesContract('duckdb', open);
eventsContract('duckdb', open);
telemetryContract('duckdb', open);
hostTelemetryContract('duckdb', open);
coverageContract('duckdb', openInMemory);

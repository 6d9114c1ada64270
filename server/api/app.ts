import type { RequestListener } from 'node:http';
import express, { type RequestHandler } from 'express';
import { answerError } from './answer-error.js';
import { createBackup } from './create-backup.js';
import { createHunt } from './create-hunt.js';
import { getAlert } from './get-alert.js';
import { getCoverage } from './get-coverage.js';
import { getMetrics } from './get-metrics.js';
import { getRun } from './get-run.js';
import {
  checkHost,
  goBeforeHunts,
  refuseMethod,
  refuseOtherSites,
  refuseRoute,
  refuseWhileDraining,
  requireJson,
  requireTelemetry,
  setSecurityHeaders,
} from './guards.js';
import { healthz, readyz } from './health.js';
import { jobRoutes } from './jobs.js';
import { listAlerts } from './list-alerts.js';
import { listAnalytics } from './list-analytics.js';
import { listRuns } from './list-runs.js';
import { listTunableChanges } from './list-tunable-changes.js';
import type { ApiPorts } from './ports.js';
import { postEvents } from './post-events.js';

/** The API, assembled: something else listens. No answer goes to pages of other origins (no CORS). */
export function createApp(ports: ApiPorts): RequestListener {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag'); // nothing is cached
  app.use(goBeforeHunts, setSecurityHeaders, checkHost(ports.allowedHosts));

  const get = (path: string, handler: RequestHandler) => app.route(path).get(handler).all(refuseMethod('GET', 'HEAD'));
  get('/healthz', healthz);
  get('/readyz', readyz(ports));
  get('/metrics', getMetrics(ports));

  app.use('/api', refuseWhileDraining(ports.isDraining));
  get('/api/alerts', listAlerts(ports.documents));
  app.route('/api/alerts/:id').get(getAlert(ports)).all(refuseMethod('GET', 'HEAD'));
  get('/api/analytics', listAnalytics(ports));
  get('/api/coverage', getCoverage(ports));
  app.route('/api/events').post(refuseOtherSites, requireTelemetry, postEvents(ports)).all(refuseMethod('POST'));
  app.route('/api/backup').post(refuseOtherSites, createBackup(ports)).all(refuseMethod('POST'));
  app
    .route('/api/hunts')
    .post(requireJson, express.json({ limit: '100kb' }), createHunt(ports))
    .all(refuseMethod('POST'));
  app.use('/api/jobs', jobRoutes(ports));
  get('/api/runs', listRuns(ports));
  get('/api/tunables/changes', listTunableChanges(ports.documents));
  app.route('/api/runs/:id').get(getRun(ports)).all(refuseMethod('GET', 'HEAD'));

  app.use(refuseRoute, answerError(ports.onError));
  return app;
}

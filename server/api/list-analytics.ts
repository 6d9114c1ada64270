import type { RequestHandler } from 'express';
import type { Analytic } from '../../queries/analytic.js';
import type { ApiPorts } from './ports.js';

/** GET /api/analytics: each as it is defined, and under `tunables.*.value` what is in force. */
export const listAnalytics = ({ analytics, hunts }: Pick<ApiPorts, 'analytics' | 'hunts'>): RequestHandler => {
  const list = (analytic: Analytic) => {
    const inForce = hunts.tunables.get(analytic.id);
    const tunables = Object.entries(analytic.tunables).map(([name, tunable]) => [
      name,
      { ...tunable, value: inForce?.[name] ?? tunable.default },
    ]);
    return { ...analytic, tunables: Object.fromEntries(tunables) };
  };
  return (_req, res) => {
    res.json({ analytics: analytics.map(list) });
  };
};

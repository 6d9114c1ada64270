import { isIP } from 'node:net';
import type { RequestHandler } from 'express';
import { beginAnswer } from '../hunt/turn.js';
import { AppError } from '../model/app-error.js';

/** An answer is data: never a page, a frame or a script, and never kept by a cache. */
export const setSecurityHeaders: RequestHandler = (_req, res, next) => {
  res.set({
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Resource-Policy': 'same-origin',
  });
  next();
};

/** Before hunts of this process go on, whoever asks is answered. What is posted is work of its own. */
export const goBeforeHunts: RequestHandler = (req, res, next) => {
  if (req.method === 'GET') res.once('close', beginAnswer());
  next();
};

/**
 * Against DNS rebinding: a page of somebody else's can make its own name point here, and the browser then sends that
 * name as Host. Addresses can't be turned so; names must be known.
 */
export const checkHost =
  (allowed: readonly string[]): RequestHandler =>
  (req, _res, next) => {
    const name = hostName(req.headers.host ?? '');
    if (name !== 'localhost' && isIP(name) === 0 && !allowed.includes(name))
      throw new AppError('HOST_REFUSED', 'The Host header names another host.');
    next();
  };

/** Without the port, and an IPv6 address without its brackets. */
const hostName = (host: string): string => {
  const [, six, name = ''] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(host.toLowerCase()) ?? [];
  return six ?? name;
};

/** While the service stops, what is under way may end and nothing begins. */
export const refuseWhileDraining =
  (isDraining: () => boolean): RequestHandler =>
  (_req, _res, next) => {
    if (isDraining()) throw new AppError('NOT_READY', 'Scanhound is stopping.');
    next();
  };

/** A body must say that it is JSON, which a form of another site can't. */
export const requireJson: RequestHandler = (req, _res, next) => {
  if (req.is('application/json') === false)
    throw new AppError('CONTENT_TYPE_UNSUPPORTED', 'The body is not declared as JSON.');
  next();
};

/** The same where a body is not needed. */
export const requireJsonIfAny: RequestHandler = (req, res, next) => {
  if (req.headers['content-length'] === '0') next();
  else requireJson(req, res, next);
};

const TELEMETRY = ['application/x-ndjson', 'application/json', 'application/octet-stream', 'text/plain'];

/** A body of telemetry must say what it is, plain or packed by gzip. */
export const requireTelemetry: RequestHandler = (req, _res, next) => {
  if (req.is(TELEMETRY) === false)
    throw new AppError('CONTENT_TYPE_UNSUPPORTED', `The body is not declared as one of ${TELEMETRY.join(', ')}.`);
  if (!['gzip', 'identity'].includes(req.headers['content-encoding']?.toLowerCase() ?? 'identity'))
    throw new AppError('CONTENT_TYPE_UNSUPPORTED', 'The content encoding of the body is neither gzip nor identity.');
  next();
};

/**
 * Plain text is what a form of another site can send. Browsers name the site of the page with all that it posts;
 * programs don't.
 */
export const refuseOtherSites: RequestHandler = (req, _res, next) => {
  const { origin, host } = req.headers;
  if (origin !== undefined && origin !== `${req.protocol}://${host}`)
    throw new AppError('ORIGIN_REFUSED', 'A page of another site sent this.');
  next();
};

/** For what a route does not take. */
export const refuseMethod =
  (...allowed: string[]): RequestHandler =>
  (req, res) => {
    res.set('Allow', allowed.join(', '));
    throw new AppError('METHOD_NOT_ALLOWED', `${req.method} is not taken here, but ${allowed.join(', ')}.`);
  };

export const refuseRoute: RequestHandler = () => {
  throw new AppError('ROUTE_UNKNOWN', 'There is nothing under this path.');
};

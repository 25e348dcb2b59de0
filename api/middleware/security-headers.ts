import type { Middleware } from 'koa';

const HEADERS = {
  // Pages are our own, with their scripts and styles in files: nothing inline, nothing from elsewhere.
  'Content-Security-Policy':
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** No CORS header is ever sent: browsers of other sites may not read an answer. */
export const securityHeaders =
  (production: boolean): Middleware =>
  (ctx, next) => {
    ctx.set(HEADERS);
    if (production) ctx.set('Strict-Transport-Security', 'max-age=31536000; includeSubDomains');
    return next();
  };

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The style sheet of the pages that contacts see. */
export const CSS = readFileSync(join(__dirname, '..', 'assets', 'visit.css'), 'utf8');
export const CSS_PATH = '/assets/visit.css';
const CSS_VERSION = createHash('sha256').update(CSS).digest('base64url').slice(0, 10);
export const STYLESHEET = `${CSS_PATH}?v=${CSS_VERSION}`;

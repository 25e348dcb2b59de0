/** A small repository in which every room imports what it may. */
export const ALLOWED: Record<string, string> = {
  'config.ts': `import { z } from 'zod';\nimport type { Instant } from './domain/time';\nexport const schema: { now?: Instant } = z;\n`,

  'domain/time.ts': `import { DateTime } from 'luxon';\nexport type Instant = string;\nexport const parse = DateTime.fromISO;\n`,
  'domain/reminders.ts': `import { parse } from './time';\nexport const due = parse;\n`,

  'workflows/contracts/visit.ts': `import { defineSignal } from '@temporalio/workflow';\nimport type { Instant } from '../../domain/time';\nexport const changed = defineSignal<[Instant]>('changed');\n`,
  'workflows/visit.ts': `import { sleep } from '@temporalio/workflow';\nimport type { Activities } from '../activities';\nimport type { Instant } from '../domain/time';\nimport { changed } from './contracts/visit';\nexport const visit: [Activities?, Instant?] = [];\nvoid [sleep, changed];\n`,
  'workflows/index.ts': `export { visit } from './visit';\n`,

  'activities/index.ts': `import { plan } from './scheduling';\nexport const createActivities = () => ({ plan });\nexport type Activities = object;\n`,
  'activities/scheduling.ts': `import { createHash } from 'node:crypto';\nimport { Context } from '@temporalio/activity';\nimport { findVisit } from '../db/visits';\nimport { due } from '../domain/reminders';\nimport { Refused } from '../providers/errors';\nimport type { SmsPort } from '../providers/twilio/port';\nimport { changed } from '../workflows/contracts/visit';\nexport const plan: SmsPort[] = [];\nvoid [createHash, Context, findVisit, due, Refused, changed];\n`,

  'providers/errors.ts': `export class Refused extends Error {}\n`,
  'providers/twilio/port.ts': `import type { Instant } from '../../domain/time';\nexport type SmsPort = { send: (at: Instant) => void };\n`,
  'providers/twilio/twilio.ts': `import twilio from 'twilio';\nimport { Refused } from '../errors';\nimport type { SmsPort } from './port';\nexport const sms: SmsPort[] = [];\nvoid [twilio, Refused];\n`,
  'providers/twilio/signature.ts': `import { createHmac } from 'node:crypto';\nexport const verify = createHmac;\n`,

  'db/knex.ts': `import knex from 'knex';\nimport 'pg';\nexport const createPool = knex;\n`,
  'db/visits.ts': `import type { Knex } from 'knex';\nimport type { Instant } from '../domain/time';\nexport type VisitRow = { id: string };\nexport const findVisit = (tx: Knex, at: Instant) => [tx, at];\n`,
  'db/migrations/first.ts': `export const first = 1;\n`,

  'api/main.ts': `import { createPool } from '../db/knex';\nimport { schema } from '../config';\nimport { sms } from '../providers/twilio/twilio';\nimport { createApi } from './app';\nvoid [createPool, schema, sms, createApi];\n`,
  'api/app.ts': `import { findVisit } from '../db/visits';\nimport { due } from '../domain/reminders';\nimport { verify } from '../providers/twilio/signature';\nimport { changed } from '../workflows/contracts/visit';\nimport { page } from './console/page';\nimport { present } from './presenters/visit';\nimport { probe } from './temporal';\nexport const createApi = () => [findVisit, due, verify, changed, page, present, probe];\n`,
  'api/temporal.ts': `import { Connection } from '@temporalio/client';\nexport const probe = Connection;\n`,
  'api/presenters/visit.ts': `import type { VisitRow } from '../../db/visits';\nexport const present = ({ id }: VisitRow) => ({ id });\n`,
  'api/console/page.ts': `import { present } from '../presenters/visit';\nexport const page = present;\n`,

  'worker/main.ts': `import { Worker } from '@temporalio/worker';\nimport { createActivities } from '../activities';\nimport { schema } from '../config';\nimport { createPool } from '../db/knex';\nimport { sms } from '../providers/twilio/twilio';\nvoid [Worker, createActivities, schema, createPool, sms];\n`,
  'sandbox/main.ts': `import { Client } from '@temporalio/client';\nimport { schema } from '../config';\nimport { createPool } from '../db/knex';\nimport type { SmsPort } from '../providers/twilio/port';\nimport { verify } from '../providers/twilio/signature';\nexport const port: SmsPort[] = [];\nvoid [Client, schema, createPool, verify];\n`,
  'scripts/start.ts': `import { first } from '../db/migrations/first';\nvoid first;\n`,
  'test/visit.test.ts': `import { visit } from '../workflows/visit';\nimport '../worker/main';\nimport 'knex';\nvoid visit;\n`,
};

/** What the wrong imports lead to. */
export const TARGETS: Record<string, string> = {
  'lib/helper.ts': 'export const help = 1;\n',
  'second.ts': 'export const second = 2;\n',
  'domain/right.ts': `import * as left from './left';\nexport const right = left;\n`,
};

export type Forbidden = { rule: string; why: string; file: string; text: string };
const no = (rule: string, why: string, [file, text]: [string, string]): Forbidden => ({ rule, why, file, text });
const value = (from: string): string => `import * as wrong from '${from}';\nexport const used = wrong;`;
const bare = (from: string): string => `import '${from}';`;

/** Who may import whom, row by row, and then what holds between rooms: each file imports one thing too many. */
const ROWS: Forbidden[] = [
  no('domain', 'a rule that asks the database', ['domain/asking.ts', bare('../db/visits')]),
  no('domain', 'a rule that reads a file', ['domain/reading.ts', bare('node:fs')]),
  no('domain', 'a rule with a library of its own', ['domain/learned.ts', bare('uuid')]),
  no('contracts', 'a contract that knows the database', ['workflows/contracts/asking.ts', bare('../../db/visits')]),
  no('contracts-take-domain-types', 'a contract that holds a rule', ['workflows/contracts/ruling.ts', value('../../domain/reminders')]),
  ...['../db/visits', '../providers/errors', '../config', 'luxon', 'zod', 'node:crypto'].map((target, index) =>
    no('workflows', `a workflow that imports ${target}`, [`workflows/wrong-${String(index)}.ts`, bare(target)]),
  ),
  no('workflows-take-types', 'an activity in the bundle', ['workflows/doing.ts', value('../activities/scheduling')]),
  no('workflows-take-types', 'a rule in the bundle', ['workflows/ruling.ts', value('../domain/reminders')]),
  no('activities', 'an activity that makes its own pool', ['activities/pool.ts', bare('../db/knex')]),
  no('activities', 'an activity that chooses its vendor', ['activities/vendor.ts', bare('../providers/twilio/twilio')]),
  no('activities', 'an activity that reads the configuration', ['activities/configured.ts', bare('../config')]),
  no('activities', 'an activity that knows a workflow', ['activities/deciding.ts', bare('../workflows/visit')]),
  no('activities', 'an activity with SQL', ['activities/sql.ts', bare('knex')]),
  no('providers', 'a vendor that remembers', ['providers/twilio/remembering.ts', bare('../../db/visits')]),
  no('providers', 'a vendor that calls another', ['providers/sendgrid/texting.ts', bare('../twilio/twilio')]),
  no('providers-shared', 'a shared file that knows a room', ['providers/knowing.ts', bare('../db/visits')]),
  no('db', 'a query that calls a vendor', ['db/calling.ts', bare('../providers/twilio/port')]),
  no('db', 'a query with a library of its own', ['db/learned.ts', bare('luxon')]),
  no('db-takes-domain-types', 'a query that decides', ['db/deciding.ts', value('../domain/reminders')]),
  no('api', 'a route that does the work', ['api/working.ts', bare('../activities/scheduling')]),
  no('api', 'a route that calls a vendor', ['api/calling.ts', bare('../providers/twilio/twilio')]),
  no('api-main', 'an api that works', ['api/main.ts', bare('../activities/scheduling')]),
  no('console-never-knex', 'a page with SQL', ['api/console/sql.ts', bare('knex')]),
  no('console-never-knex', 'a page with a connection of its own', ['api/console/pool.ts', bare('../../db/knex')]),
  no('presenters', 'a presenter that knows the app', ['api/presenters/knowing.ts', bare('../app')]),
  no('presenters-take-row-types', 'a presenter that fetches', ['api/presenters/fetching.ts', value('../../db/visits')]),
  no('worker', 'a worker that listens', ['worker/listening.ts', bare('../api/app')]),
  no('sandbox', 'a stand-in made of the real adapter', ['sandbox/real.ts', bare('../providers/twilio/twilio')]),
  no('sandbox', 'a stand-in that does our work', ['sandbox/working.ts', bare('../activities/scheduling')]),
  no('config', 'a configuration that asks the database', ['config.ts', bare('./db/visits')]),
];

const BETWEEN: Forbidden[] = [
  no('outsiders-know-only-contracts', 'a worker that imports a workflow', ['worker/bundling.ts', bare('../workflows/visit')]),
  no('entry-points-are-roots', 'a route that runs a script', ['api/scripted.ts', bare('../scripts/start')]),
  no('mains-are-roots', 'a worker that begins the api', ['worker/beginning.ts', bare('../api/main')]),
  no('config-is-read-at-the-entry', 'a query that reads the configuration', ['db/configured.ts', bare('../config')]),
  no('connection-is-made-at-the-entry', 'a route that makes a pool', ['api/pool.ts', bare('../db/knex')]),
  no('adapters-are-chosen-at-the-entry', 'a query that chooses a vendor', ['db/choosing.ts', bare('../providers/twilio/twilio')]),
  no('production-imports-no-tests', 'a query made of a test', ['db/tested.ts', bare('../test/visit.test')]),
  no('every-file-has-a-room', 'a folder for this and that', ['scripts/helped.ts', bare('../lib/helper')]),
  no('everything-resolves', 'a file that is not there', ['scripts/hoping.ts', bare('./gone')]),
  no('no-cycles', 'two files that need each other', ['domain/left.ts', value('./right')]),
  no('no-dead-files', 'a query that nobody uses', ['db/forgotten.ts', 'export const forgotten = 1;']),
];

/** A vendor's package, wherever but in its folder. One that is not installed yet is reported too. */
const VENDORS: [folder: string, name: string][] = [
  ['twilio', 'twilio'],
  ['sendgrid', '@sendgrid/mail'],
  ['stripe', 'stripe'],
  ['openai', 'openai'],
  ['vapi', '@vapi-ai/server-sdk'],
  ['google', '@googleapis/calendar'],
  ['square', 'square'],
  ['hubspot', '@hubspot/api-client'],
  ['shopify', '@shopify/shopify-api'],
  ['caldav', 'tsdav'],
  ['posthog', 'posthog-node'],
  ['sentry', '@sentry/node'],
  ['s3', '@aws-sdk/client-s3'],
];

const HOMES: [rule: string, name: string, wrongPlace: string][] = [
  ['knex', 'knex', 'api/routes/knex.ts'],
  ['pg', 'pg', 'worker/pg.ts'],
  ['temporalio-client', '@temporalio/client', 'api/routes/client.ts'],
  ['temporalio-worker', '@temporalio/worker', 'api/routes/worker.ts'],
  ['temporalio-activity', '@temporalio/activity', 'worker/activity.ts'],
  ['temporalio-workflow', '@temporalio/workflow', 'worker/workflow.ts'],
  ['liquidjs', 'liquidjs', 'domain/wording.ts'],
  ['opentelemetry-sdk', '@opentelemetry/api', 'worker/traces.ts'],
];

export const FORBIDDEN: Forbidden[] = [
  ...ROWS,
  ...BETWEEN,
  ...VENDORS.map(([folder, name]) => no(`${folder}-sdk-at-home`, `${name} in a route`, [`api/routes/with-${folder}.ts`, bare(name)])),
  ...HOMES.map(([rule, name, place]) => no(`${rule}-at-home`, `${name} in ${place}`, [place, bare(name)])),
  no('every-file-has-a-room', 'a second root file', ['api/rooted.ts', bare('../second')]),
];

import { AsyncLocalStorage } from 'node:async_hooks';
import { Client } from 'pg';

/** What a process that was killed would have thrown, if it could. */
class Killed extends Error {
  override readonly name = 'Killed';
}

/** Before its k-th step takes effect, or after it has and before anybody hears of it. */
export type Death = { step: number; when: 'before' | 'after' };

type Life = { death: Death | null; dead: boolean; steps: string[] };
const lives = new AsyncLocalStorage<Life>();

/**
 * Lives through `work` until the death that is due, counting every step: each SQL statement (begin and commit are statements) and each call of a mortal port.
 * Whatever it still tries after its death does nothing. Answers the names of the steps and whether it died.
 */
export async function live(death: Death | null, work: () => Promise<unknown>): Promise<{ steps: string[]; died: boolean }> {
  const life: Life = { death, dead: false, steps: [] };
  await lives.run(life, work).catch((error: unknown) => {
    if (!life.dead) throw error;
  });
  return { steps: life.steps, died: life.dead };
}

/** A port whose every call is a step. */
export const mortalPort = <Port extends object>(port: Port, vendor: string): Port =>
  Object.fromEntries(
    Object.entries(port).map(([name, call]) => [
      name,
      (...args: unknown[]) => step(`${vendor} ${name}`, () => (call as (...all: unknown[]) => Promise<unknown>)(...args)),
    ]),
  ) as Port;

async function step<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  const life = lives.getStore();
  const due = life ? begin(life, name) : null;
  if (!life || !due) return work();
  if (due === 'after') await work().catch(() => undefined);
  throw die(life);
}

/** Counts the step. Null: it goes its way. */
function begin(life: Life, name: string): 'before' | 'after' | null {
  if (life.dead) return 'before';
  life.steps.push(name);
  return life.death?.step === life.steps.length ? life.death.when : null;
}

function die(life: Life): Killed {
  life.dead = true;
  return new Killed();
}

type Done = (error: Error | null, result?: unknown) => void;
type Query = (this: Client, config: { text?: string } | string, ...rest: unknown[]) => unknown;

/** Every statement of a mortal is a step. A death takes the connection along: the server rolls back what was not committed. Call once in a test file. */
export function makeStatementsMortal(): void {
  const real = Client.prototype.query as Query;
  const mortal: Query = function (config, ...rest) {
    const sql = typeof config === 'string' ? config : (config.text ?? '');
    const done = rest.at(-1);
    if (typeof done !== 'function' || sql.includes('select version')) return real.call(this, config, ...rest);
    // Kept here: the answer comes in the context of the socket, which may be another's.
    const life = lives.getStore();
    const due = life ? begin(life, wordsOf(sql)) : null;
    if (!life || !due) return real.call(this, config, ...rest);
    const end = (): void => {
      hangUp(this);
      (done as Done)(die(life));
    };
    if (due === 'before') return void setImmediate(end);
    return real.call(this, config, ...rest.slice(0, -1), end);
  };
  Client.prototype.query = mortal as typeof Client.prototype.query;
}

const wordsOf = (sql: string): string =>
  sql
    .trim()
    .split(/[\s;]+/)
    .slice(0, 3)
    .join(' ')
    .toLowerCase();

/** The pool must not hand the connection to somebody who lives. */
function hangUp(client: Client): void {
  Object.assign(client, { __knex__disposed: 'its process was killed' });
  (client as unknown as { connection: { stream: { destroy: () => void } } }).connection.stream.destroy();
}

import { AsyncLocalStorage } from 'node:async_hooks';
import { Client } from 'pg';

/** What a process that was killed would have thrown, if it could. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

/** Before its k-th step takes effect, or after it has and before anybody hears of it. */
export type Death = { step: number; when: 'before' | 'after' };

type Life = { death: Death | null; dead: boolean; steps: string[] };
const lives = new AsyncLocalStorage<Life>();

/**
 * Lives through `work` until the death that is due, counting every step: each SQL statement (begin and commit are statements) and each step named by `step`.
 * Whatever it still tries after its death does nothing. Answers the names of the steps and whether it died.
 */
export async function live(death: Death | null, work: () => Promise<unknown>): Promise<{ steps: string[]; died: boolean }> {
  const life: Life = { death, dead: false, steps: [] };
  await lives.run(life, work).catch((error: unknown) => {
    if (!life.dead) throw error;
  });
  return { steps: life.steps, died: life.dead };
}

/** A step of a mortal that is no statement: the call of a vendor, say. */
export async function step<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  const due = begin(name);
  if (!due) return work();
  if (due === 'before') throw new Killed();
  if (due === 'none') return work();
  await work().catch(() => undefined);
  throw die();
}

/** A port whose every call is a step. */
export const mortalPort = <Port extends object>(port: Port, vendor: string): Port =>
  Object.fromEntries(
    Object.entries(port).map(([name, call]) => [
      name,
      (...args: unknown[]) => step(`${vendor} ${name}`, () => (call as (...all: unknown[]) => Promise<unknown>)(...args)),
    ]),
  ) as Port;

/** Null: nobody mortal asks. Dies at once when the step is not to take effect. */
function begin(name: string): 'before' | 'after' | 'none' | null {
  const life = lives.getStore();
  if (!life) return null;
  if (life.dead) return 'before';
  life.steps.push(name);
  if (life.death?.step !== life.steps.length) return 'none';
  if (life.death.when === 'before') die();
  return life.death.when;
}

function die(): Killed {
  const life = lives.getStore();
  if (life) life.dead = true;
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
    if (typeof done !== 'function' || /select version/.test(sql)) return real.call(this, config, ...rest);
    const due = begin(
      sql
        .trim()
        .split(/[\s;]+/)
        .slice(0, 3)
        .join(' '),
    );
    if (!due || due === 'none') return real.call(this, config, ...rest);
    const end = (): void => {
      hangUp(this);
      (done as Done)(die());
    };
    if (due === 'before') return void setImmediate(end);
    return real.call(this, config, ...rest.slice(0, -1), end);
  };
  Client.prototype.query = mortal as typeof Client.prototype.query;
}

const hangUp = (client: Client): void =>
  (client as unknown as { connection: { stream: { destroy: () => void } } }).connection.stream.destroy();

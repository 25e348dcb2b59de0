import type { Knex } from 'knex';
import knex from 'knex';
import PostgresClient from 'knex/lib/dialects/postgres/index.js';
import PostgresTransaction from 'knex/lib/dialects/postgres/execution/pg-transaction.js';
import { types } from 'pg';
import { camelResponse, snakeCase } from './naming';
import { createStatementNames } from './prepared';
import { ROLES, type Role } from './roles';
import { setBusiness } from './tenancy';

// Instants leave the database as they travel through Usher: ISO 8601 UTC with milliseconds. Dates stay calendar dates, numbers stay numbers.
types.setTypeParser(types.builtins.TIMESTAMPTZ, (text) => new Date(text).toISOString());
types.setTypeParser(types.builtins.DATE, (text) => text);
types.setTypeParser(types.builtins.INT8, Number);

/** Begins a transaction and names its business in one message: a trip less in each (performance.md 2.11). */
class BusinessTransaction extends PostgresTransaction {
  override begin(connection: unknown): Promise<unknown> {
    const { businessId } = this.userParams as { businessId?: string };
    if (businessId === undefined) return super.begin(connection);
    return this.query(connection, `begin; ${setBusiness(businessId)}`);
  }
}

const nameOf = createStatementNames();

class UsherClient extends PostgresClient {
  override _query(connection: unknown, query: Parameters<PostgresClient['_query']>[1]): Promise<unknown> {
    const name = query.bindings?.length ? nameOf(query.sql) : undefined;
    if (name !== undefined) query.options = { ...query.options, name };
    return super._query(connection, query);
  }

  // knex.transaction() puts the pool's own userParams over those it is given: one object for all transactions. Ours come as `params`; a savepoint shares its
  // transaction's.
  override transaction(container: unknown, config: { params?: object }, outerTx: { userParams: object } | null): unknown {
    return new BusinessTransaction(this, container, { ...config, userParams: outerTx?.userParams ?? config.params ?? {} }, outerTx);
  }
}

export type PoolOptions = { role?: Role; rolePassword?: string; max?: number; name?: string };

/** One pool of connections, to be made at an entry point. `role`: connects as that role instead of the owner of `url`. */
export function createPool(url: string, { role, rolePassword, max = 10, name = 'usher' }: PoolOptions = {}): Knex {
  return knex({
    client: UsherClient as unknown as typeof Knex.Client, // its published type is abstract
    connection: {
      connectionString: role ? roleUrl(url, role, rolePassword) : url,
      application_name: name,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    },
    pool: { min: 0, max },
    acquireConnectionTimeout: 10_000,
    wrapIdentifier: (value, origin) => origin(value === '*' ? value : snakeCase(value)),
    postProcessResponse: (response: unknown) => camelResponse(response),
  });
}

/** The address of a database as one of the roles reaches it. */
export function roleUrl(url: string, role: Role, password = ''): string {
  const result = new URL(url);
  result.username = ROLES[role];
  result.password = password;
  return result.toString();
}

// knex publishes no types for the two classes that db/knex.ts extends. The version is pinned; test/db/tenancy.test.ts fails when their shape changes.
declare module 'knex/lib/dialects/postgres/index.js' {
  import { Knex } from 'knex';
  class PostgresClient extends Knex.Client {
    constructor(config: Knex.Config);
    transaction(container: unknown, config: object, outerTx: object | null): unknown;
    _query(connection: unknown, query: { sql: string; bindings?: unknown[]; options?: object }): Promise<unknown>;
  }
  export = PostgresClient;
}

declare module 'knex/lib/dialects/postgres/execution/pg-transaction.js' {
  class PostgresTransaction {
    constructor(client: unknown, container: unknown, config: unknown, outerTx: unknown);
    userParams: unknown;
    begin(connection: unknown): Promise<unknown>;
    query(connection: unknown, sql: string): Promise<unknown>;
  }
  export = PostgresTransaction;
}

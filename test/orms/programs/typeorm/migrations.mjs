import { Table, TableColumn, TableIndex } from 'typeorm';
import { step } from '../common/scenario.mjs';

const id = { name: 'id', type: 'int', isPrimary: true, isGenerated: true, generationStrategy: 'increment' };
const text = (name, length, more = {}) => ({ name, type: 'varchar', length: String(length), ...more });
const optional = { isNullable: true };

export class CreateTables1700000000001 {
  name = 'CreateTables1700000000001';

  async up(runner) {
    await runner.createTable(
      new Table({
        name: 'users',
        columns: [
          id,
          text('tenant_id', 64),
          text('name', 100),
          { name: 'visits', type: 'int', default: '0' },
          text('email', 191, optional),
          text('phone', 32, optional),
          { name: 'bio', type: 'text', ...optional },
          { name: 'photo', type: 'blob', ...optional },
          text('legacy', 20, optional),
          { name: 'created_at', type: 'datetime', precision: 3 },
          { name: 'deleted_at', type: 'datetime', precision: 3, ...optional },
        ],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'posts',
        columns: [
          id,
          text('tenant_id', 64),
          { name: 'user_id', type: 'int' },
          text('title', 200),
          { name: 'body', type: 'text', ...optional },
          { name: 'likes', type: 'int', default: '0' },
        ],
        foreignKeys: [
          {
            name: 'posts_user',
            columnNames: ['user_id'],
            referencedTableName: 'users',
            referencedColumnNames: ['id'],
            onDelete: 'CASCADE',
          },
        ],
      }),
    );
  }

  async down(runner) {
    await runner.dropTable('posts');
    await runner.dropTable('users');
  }
}

export class ChangeTables1700000000002 {
  name = 'ChangeTables1700000000002';

  async up(runner) {
    await runner.addColumn('users', new TableColumn(text('city', 50, optional)));
    await runner.addColumn('users', new TableColumn({ name: 'age', type: 'int', ...optional }));
    await runner.renameColumn('users', 'visits', 'logins');
    await runner.dropColumn('users', 'legacy');
    const unique = { name: 'users_tenant_email', columnNames: ['tenant_id', 'email'], isUnique: true };
    await runner.createIndex('users', new TableIndex(unique));
    await runner.createIndex('posts', new TableIndex({ name: 'posts_title', columnNames: ['title'] }));
  }

  async down(runner) {
    await runner.dropColumn('users', 'age');
  }
}

/** One release after the other: the first with the first migration alone. */
export async function migrations(connect) {
  await step('create tables', async () => {
    const source = await connect([CreateTables1700000000001]);
    const done = (await source.runMigrations()).map(({ name }) => name);
    await source.destroy();
    return done;
  });
  const source = await connect([CreateTables1700000000001, ChangeTables1700000000002]);
  await step('change tables', async () => (await source.runMigrations()).map(({ name }) => name));
  await step('introspect', async () => {
    const runner = source.createQueryRunner();
    const tables = await runner.getTables(['users', 'posts']);
    await runner.release();
    return tables.map((table) => ({
      name: table.name,
      // TypeORM asks for them in no order.
      columns: table.columns
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map(({ name, type, length, isNullable, isGenerated, ...column }) => ({
          ...{ name, type, length, isNullable, isGenerated },
          fallback: column.default,
          precision: column.precision,
          charset: column.charset,
          collation: column.collation,
        })),
      indices: table.indices.map(({ name, columnNames, isUnique }) => [name, columnNames, isUnique]),
      foreignKeys: table.foreignKeys.map(({ name, columnNames, onDelete }) => [name, columnNames, onDelete]),
    }));
  });
  await step('nothing left to do', async () => {
    const pending = await source.showMigrations();
    const diff = await source.driver.createSchemaBuilder().log();
    return [pending, diff.upQueries.map(({ query }) => query)];
  });
  await source.destroy();
}

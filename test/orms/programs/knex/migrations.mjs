import { step } from '../common/scenario.mjs';

const FIRST = {
  name: '01-create',
  up: async (knex) => {
    await knex.schema.createTable('users', (table) => {
      table.increments('id', { primaryKey: true }).notNullable();
      table.string('tenant_id', 64).notNullable();
      table.string('name', 100).notNullable();
      table.integer('visits').notNullable().defaultTo(0);
      table.string('email', 191);
      table.string('phone', 32);
      table.text('bio');
      table.specificType('photo', 'blob');
      table.string('legacy', 20);
      table.datetime('created_at', { precision: 3 }).notNullable();
      table.datetime('deleted_at', { precision: 3 });
    });
    await knex.schema.createTable('posts', (table) => {
      table.increments('id').notNullable();
      table.string('tenant_id', 64).notNullable();
      table.integer('user_id').unsigned().notNullable();
      table.string('title', 200).notNullable();
      table.text('body');
      table.integer('likes').notNullable().defaultTo(0);
      table.foreign('user_id', 'posts_user').references('users.id').onDelete('CASCADE');
    });
  },
  down: async (knex) => await knex.schema.dropTable('posts').dropTable('users'),
};

const SECOND = {
  name: '02-change',
  up: async (knex) => {
    await knex.schema.alterTable('users', (table) => {
      table.string('city', 50);
      table.integer('age');
      table.renameColumn('visits', 'logins');
      table.dropColumn('legacy');
    });
    await knex.schema.alterTable('users', (table) => {
      table.unique(['tenant_id', 'email'], { indexName: 'users_tenant_email' });
    });
    await knex.schema.alterTable('posts', (table) => {
      table.index(['title'], 'posts_title');
      table.string('title', 200).notNullable().defaultTo('untitled').alter();
    });
  },
  down: async () => undefined,
};

class Source {
  constructor(all) {
    this.all = all;
  }

  async getMigrations() {
    return this.all;
  }

  getMigrationName({ name }) {
    return name;
  }

  async getMigration(migration) {
    return migration;
  }
}

/** One release after the other: the first with the first migration alone. */
export async function migrations(knex) {
  await step('create tables', async () => {
    const [, done] = await knex.migrate.latest({ migrationSource: new Source([FIRST]) });
    return [done, await knex.schema.hasTable('users'), await knex.schema.hasColumn('users', 'email')];
  });
  const migrationSource = new Source([FIRST, SECOND]);
  await step('change tables', async () => (await knex.migrate.latest({ migrationSource }))[1]);
  // By name: it asks for the columns in no order.
  const sorted = (info) => Object.entries(info).sort(([a], [b]) => (a < b ? -1 : 1));
  await step('introspect', async () => [
    sorted(await knex('users').columnInfo()),
    sorted(await knex('posts').columnInfo()),
    await knex.schema.hasColumn('users', 'legacy'),
  ]);
  await step('nothing left to do', async () => [
    (await knex.migrate.latest({ migrationSource }))[1],
    await knex.migrate.status({ migrationSource }),
  ]);
}

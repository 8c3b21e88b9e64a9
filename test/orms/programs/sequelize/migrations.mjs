import { DataTypes } from 'sequelize';
import { SequelizeStorage, Umzug } from 'umzug';
import { step } from '../common/scenario.mjs';

const text = (length, more = {}) => ({ type: DataTypes.STRING(length), ...more });

const FIRST = {
  name: '01-create',
  up: async ({ context }) => {
    await context.createTable('users', {
      id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
      tenant_id: text(64, { allowNull: false }),
      name: text(100, { allowNull: false }),
      visits: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 },
      email: text(191),
      phone: text(32),
      bio: DataTypes.TEXT,
      photo: DataTypes.BLOB,
      legacy: text(20),
      created_at: { type: DataTypes.DATE(3), allowNull: false },
      deleted_at: DataTypes.DATE(3),
    });
    await context.createTable('posts', {
      id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
      tenant_id: text(64, { allowNull: false }),
      user_id: {
        type: DataTypes.INTEGER,
        allowNull: false,
        references: { model: 'users', key: 'id' },
        onDelete: 'CASCADE',
      },
      title: text(200, { allowNull: false }),
      body: DataTypes.TEXT,
      likes: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 },
    });
  },
};

const SECOND = {
  name: '02-change',
  up: async ({ context }) => {
    await context.addColumn('users', 'city', text(50));
    await context.addColumn('users', 'age', DataTypes.INTEGER);
    await context.renameColumn('users', 'visits', 'logins');
    await context.removeColumn('users', 'legacy');
    await context.changeColumn('posts', 'title', text(200, { allowNull: false, defaultValue: 'untitled' }));
    await context.addIndex('users', ['tenant_id', 'email'], { unique: true, name: 'users_tenant_email' });
    await context.addIndex('posts', ['title'], { name: 'posts_title' });
  },
};

/** Runs both migrations as an application would, one release after the other. */
export async function migrations(sequelize) {
  const context = sequelize.getQueryInterface();
  const umzug = new Umzug({
    migrations: [FIRST, SECOND],
    context,
    storage: new SequelizeStorage({ sequelize }),
    logger: undefined,
  });
  const names = (done) => done.map(({ name }) => name);
  await step('create tables', async () => {
    const done = names(await umzug.up({ to: FIRST.name }));
    return [done, (await context.showAllTables()).sort()];
  });
  await step('change tables', async () => names(await umzug.up()));
  await step('introspect', async () => [
    await context.describeTable('users'),
    await context.describeTable('posts'),
    (await context.showIndex('users')).map(({ name, unique, fields }) => [
      name,
      unique,
      fields.map(({ attribute }) => attribute),
    ]),
    await context.getForeignKeyReferencesForTable('posts'),
  ]);
  await step('nothing left to do', async () => {
    const before = JSON.stringify(await context.describeTable('users'));
    // What the models say is there already: sync changes nothing.
    await sequelize.sync();
    return [names(await umzug.up()), JSON.stringify(await context.describeTable('users')) === before];
  });
}

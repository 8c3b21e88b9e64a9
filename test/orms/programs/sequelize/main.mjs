// Sequelize: models, migrations through Umzug and QueryInterface, paranoid soft delete.
import { DataTypes, Op, Sequelize } from 'sequelize';
import {
  ALL_BYTES,
  env,
  errnoOf,
  LONG_TEXT,
  people,
  person,
  phase,
  posts,
  step,
  Undo,
  undone,
  versions,
  view,
} from '../common/scenario.mjs';
import { migrations } from './migrations.mjs';

versions('sequelize', 'mysql2');

const sequelize = new Sequelize(env.database, env.user, env.password, {
  host: env.host,
  port: env.port,
  dialect: 'mysql',
  logging: process.env['ORM_LOG'] ? (text) => console.error(text) : false,
  pool: { max: 2 },
});

const User = sequelize.define(
  'User',
  {
    id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
    tenantId: { type: DataTypes.STRING(64), allowNull: false, field: 'tenant_id' },
    name: { type: DataTypes.STRING(100), allowNull: false },
    city: DataTypes.STRING(50),
    logins: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 },
    email: DataTypes.STRING(191),
    phone: DataTypes.STRING(32),
    bio: DataTypes.TEXT,
    photo: DataTypes.BLOB,
    age: DataTypes.INTEGER,
    createdAt: { type: DataTypes.DATE(3), allowNull: false, field: 'created_at' },
    deletedAt: { type: DataTypes.DATE(3), field: 'deleted_at' },
  },
  { tableName: 'users', createdAt: false, updatedAt: false, deletedAt: 'deletedAt', paranoid: true },
);
const Post = sequelize.define(
  'Post',
  {
    id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
    tenantId: { type: DataTypes.STRING(64), allowNull: false, field: 'tenant_id' },
    userId: { type: DataTypes.INTEGER, allowNull: false, field: 'user_id' },
    title: { type: DataTypes.STRING(200), allowNull: false },
    body: DataTypes.TEXT,
    likes: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 },
  },
  { tableName: 'posts', timestamps: false },
);
User.hasMany(Post, { as: 'posts', foreignKey: 'userId' });
Post.belongsTo(User, { as: 'author', foreignKey: 'userId' });

const phases = { migrate, suite, other, again };
await phases[phase]();
await sequelize.close();

async function migrate() {
  await migrations(sequelize);
}

async function suite() {
  await step('create', async () => view(await User.create(people[0])));
  await step('bulk create', async () => {
    const made = await User.bulkCreate(people.slice(1));
    return [made.length, (await User.findAll({ order: ['id'] })).map(view)];
  });
  await step('find by id', async () => view(await User.findByPk(1)));
  await step('find by protected value', async () => [
    view(await User.findOne({ where: { email: 'grace.zq9@example.com' } })),
    view(await User.findOne({ where: { email: 'nobody@example.com' } })),
  ]);
  await step('LIKE', async () => {
    const found = await User.findAll({
      where: { email: { [Op.like]: '%@example.com' } },
      order: [['email', 'ASC']],
    });
    return found.map(({ email }) => email);
  });
  await step('IN', async () => {
    const email = ['bjork.zq9@example.org', 'linus.zq9@example.net', 'nobody@example.com'];
    return (await User.findAll({ where: { email }, order: ['id'] })).map(({ name }) => name);
  });
  await step('range and order', async () => {
    const where = { age: { [Op.gte]: 56, [Op.lt]: 80 } };
    return (await User.findAll({ where, order: [['age', 'DESC']] })).map(({ name, age }) => [name, age]);
  });
  await step('IS NULL', async () => (await User.findAll({ where: { phone: null } })).map(({ name }) => name));
  await step('update one', async () => {
    const linus = await User.findOne({ where: { name: 'Linus' } });
    linus.phone = '+358 zq9 44';
    linus.age = 57;
    await linus.save();
    return view(await linus.reload());
  });
  await step('update where', async () => {
    const [affected] = await User.update(
      { city: 'Cambridge', bio: 'zq9 changed' },
      { where: { email: 'ada.zq9@example.com' } },
    );
    return [affected, view(await User.findByPk(1))];
  });
  await step('increment', async () => {
    await User.increment({ logins: 3 }, { where: { id: 1 } });
    return (await User.findByPk(1)).logins;
  });
  await step('increment protected', async () => {
    const linus = await User.findOne({ where: { name: 'Linus' } });
    await linus.increment('age', { by: 2 });
    return (await linus.reload()).age;
  });
  await step('delete', async () => {
    await User.create(person('Isaac', 'isaac.zq9@example.com'));
    const affected = await User.destroy({ where: { email: 'isaac.zq9@example.com' }, force: true });
    return [affected, await User.count()];
  });
  await step('soft delete', async () => {
    const zoe = await User.findOne({ where: { email: 'zoe.zq9@example.com' } });
    await zoe.destroy();
    const left = (await User.findAll({ order: ['email'] })).map(({ email }) => email);
    const all = await User.count({ paranoid: false });
    await zoe.restore();
    return [left, all, await User.count()];
  });
  await relations();
  await step('page', async () => {
    const { count, rows } = await User.findAndCountAll({ order: [['email', 'ASC']], limit: 2, offset: 2 });
    return [count, rows.map(view)];
  });
  await step('keyset', async () => {
    const where = { email: { [Op.gt]: 'bjork.zq9@example.org' } };
    const rows = await User.findAll({ where, order: [['email', 'ASC']], limit: 3 });
    return rows.map(({ email }) => email);
  });
  await transactions();
  await values();
}

async function relations() {
  await step('create related', async () => {
    for (const { author, ...post } of posts) {
      const user = await User.findOne({ where: { email: people.find(({ name }) => name === author).email } });
      await user.createPost({ ...post, tenantId: env.tenant });
    }
    return await Post.count();
  });
  await step('eager', async () => {
    const found = await User.findAll({
      include: [{ model: Post, as: 'posts' }],
      order: [
        ['email', 'ASC'],
        [{ model: Post, as: 'posts' }, 'id', 'ASC'],
      ],
    });
    return found.map((user) => [
      user.name,
      user.email,
      user.posts.map(({ title, body, likes }) => [title, body, likes]),
    ]);
  });
  await step('lazy', async () => {
    const post = await Post.findOne({ where: { title: 'Moth' } });
    const ada = await User.findByPk(1);
    return [view(await post.getAuthor()), (await ada.getPosts({ order: ['id'] })).map(({ body }) => body)];
  });
  await step('join', async () => {
    const found = await Post.findAll({
      include: [{ model: User, as: 'author', required: true, where: { email: { [Op.like]: 'ada%' } } }],
      where: { body: { [Op.like]: 'zq9%' } },
      order: [
        [{ model: User, as: 'author' }, 'email', 'ASC'],
        ['body', 'DESC'],
      ],
    });
    return found.map(({ title, body, author }) => [title, body, author.email, author.age]);
  });
  await step('count related', async () => {
    const found = await User.findAll({
      attributes: ['email', [sequelize.fn('COUNT', sequelize.col('posts.id')), 'n']],
      include: [{ model: Post, as: 'posts', attributes: [] }],
      group: ['User.id', 'User.email'],
      order: [['email', 'ASC']],
      raw: true,
    });
    return found.map(({ email, n }) => [email, n]);
  });
  await step('aggregates', async () => [
    await User.max('age'),
    await User.min('email'),
    Number(await User.sum('age')),
    await User.count({ where: { age: { [Op.gt]: 50 } } }),
    await User.count({ distinct: true, col: 'email' }),
    (
      await User.findAll({
        attributes: ['city', [sequelize.fn('MAX', sequelize.col('age')), 'oldest']],
        group: ['city'],
        having: sequelize.where(sequelize.fn('COUNT', sequelize.col('phone')), '>', 0),
        order: ['city'],
        raw: true,
      })
    ).map(({ city, oldest }) => [city, oldest]),
  ]);
}

async function transactions() {
  const names = async () =>
    (await User.findAll({ where: { name: { [Op.like]: 'Tx%' } }, order: ['email'] })).map(view);
  await step('commit', async () => {
    await sequelize.transaction(async (transaction) => {
      await User.create(person('Tx 1', 'tx1.zq9@example.com'), { transaction });
      await User.update({ phone: 'zq9 tx' }, { where: { email: 'tx1.zq9@example.com' }, transaction });
    });
    return await names();
  });
  await step('rollback', async () => {
    await undone(() =>
      sequelize.transaction(async (transaction) => {
        await User.create(person('Tx 2', 'tx2.zq9@example.com'), { transaction });
        await User.update({ phone: 'zq9 gone' }, { where: { name: 'Tx 1' }, transaction });
        throw new Undo();
      }),
    );
    return await names();
  });
  await step('savepoint', async () => {
    await sequelize.transaction(async (transaction) => {
      await User.create(person('Tx 3', 'tx3.zq9@example.com'), { transaction });
      await undone(() =>
        sequelize.transaction({ transaction }, async (inner) => {
          await User.create(person('Tx 4', 'tx4.zq9@example.com'), { transaction: inner });
          throw new Undo();
        }),
      );
      await User.create(person('Tx 5', 'tx5.zq9@example.com'), { transaction });
    });
    return await names();
  });
  await step('lock', async () =>
    sequelize.transaction(async (transaction) => {
      const locked = await User.findOne({
        where: { email: 'tx1.zq9@example.com' },
        lock: transaction.LOCK.UPDATE,
        transaction,
      });
      const shared = await User.findAll({
        where: { name: 'Tx 3' },
        lock: transaction.LOCK.SHARE,
        transaction,
      });
      locked.phone = 'zq9 locked';
      await locked.save({ transaction });
      return [view(await locked.reload({ transaction })), shared.map(view)];
    }),
  );
}

async function values() {
  await step('NULL and empty', async () => {
    const user = await User.create(person('Nil', 'nil.zq9@example.com', { phone: '', bio: '' }));
    const first = view(await user.reload());
    await user.update({ phone: null, bio: null, photo: Buffer.alloc(0) });
    return [first, view(await user.reload())];
  });
  await step('emoji', async () => {
    await User.create(person('🚀', 'zq9👩‍👩‍👧‍👦@例え.jp', { bio: 'zq9 🇩🇪🏳️‍🌈' }));
    return [
      view(await User.findOne({ where: { email: 'zq9👩‍👩‍👧‍👦@例え.jp' } })),
      view(await User.findOne({ where: { bio: { [Op.like]: '%🏳️‍🌈' } } })),
    ];
  });
  await step('long text', async () => {
    const user = await User.create(person('Long', 'long.zq9@example.com', { bio: LONG_TEXT }));
    await user.reload();
    return [user.bio.length, user.bio === LONG_TEXT];
  });
  await step('bytes', async () => {
    const user = await User.create(person('Bytes', 'bytes.zq9@example.com', { photo: ALL_BYTES }));
    await user.reload();
    return [user.photo.toString('hex'), await User.count({ where: { photo: ALL_BYTES } })];
  });
  await step('duplicate key', async () => [
    await errnoOf(() => User.create(person('Twin', 'ada.zq9@example.com'))),
    await User.count({ where: { name: 'Twin' } }),
  ]);
  await step('raw SQL', async () => {
    const text = 'SELECT u.name, UPPER(u.email) AS shout, CHAR_LENGTH(u.phone) AS n FROM users u';
    const [rows] = await sequelize.query(`${text} WHERE u.email = :email OR u.age > :age ORDER BY u.id`, {
      replacements: { email: 'ada.zq9@example.com', age: 70 },
    });
    const bound = await sequelize.query(
      'SELECT email FROM users WHERE email LIKE $1 ORDER BY email LIMIT 2',
      {
        bind: ['%zq9%'],
        type: 'SELECT',
      },
    );
    return [rows, bound];
  });
  await step('upsert', async () => {
    await User.upsert(person('Grace H.', 'grace.zq9@example.com', { phone: '+1 zq9 22', age: 86 }));
    await User.upsert(person('Newton', 'newton.zq9@example.com', { phone: '+44 zq9 7' }));
    const found = await User.findAll({ where: { name: ['Grace H.', 'Newton'] }, order: ['name'] });
    return found.map((user) => ({ ...view(user), id: null }));
  });
}

async function other() {
  await step('other tenant', async () => {
    const email = 'ada.zq9@example.com';
    const before = [
      await User.count(),
      await Post.count(),
      view(await User.findOne({ where: { email } })),
      await User.findAll({ where: { email: { [Op.like]: '%' } } }),
      (await User.update({ phone: 'zq9 stolen' }, { where: { email } }))[0],
      await User.destroy({ where: { email }, force: true }),
    ];
    const own = await User.create(person('Ada 2', email, { phone: 'zq9 other' }));
    await own.createPost({ title: 'Other', body: 'zq9 other', tenantId: env.tenant });
    const found = await User.findAll({ include: [{ model: Post, as: 'posts' }] });
    return [before, found.map((user) => [user.name, user.email, user.posts.map(({ body }) => body)])];
  });
}

async function again() {
  await step('own rows again', async () => [
    (await User.findAll({ order: ['id'] })).map(({ name, email, phone, age }) => [name, email, phone, age]),
    (await Post.findAll({ order: ['id'] })).map(({ title, body }) => [title, body]),
  ]);
}

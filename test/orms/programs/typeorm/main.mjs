// TypeORM: entity schemas, migrations through QueryRunner, the schema builder's own comparison, repositories.
import 'reflect-metadata';
import { And, DataSource, In, IsNull, LessThan, Like, MoreThan, MoreThanOrEqual } from 'typeorm';
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
import { PostSchema, UserSchema } from './models.mjs';

versions('typeorm', 'mysql2');

async function connect(ownMigrations = []) {
  const source = new DataSource({
    type: env.server,
    host: env.host,
    port: env.port,
    username: env.user,
    password: env.password,
    database: env.database,
    charset: 'utf8mb4',
    timezone: 'Z',
    entities: [UserSchema, PostSchema],
    migrations: ownMigrations,
    logging: process.env['ORM_LOG'] ? 'all' : false,
  });
  return await source.initialize();
}

if (phase === 'migrate') {
  await migrations(connect);
  process.exit(0);
}
const source = await connect();
const users = source.getRepository(UserSchema);
const allPosts = source.getRepository(PostSchema);
await { suite, other, again }[phase]();
await source.destroy();

async function suite() {
  await step('create', async () => view(await users.save(users.create(people[0]))));
  await step('bulk create', async () => {
    const made = await users.insert(people.slice(1));
    return [made.identifiers.length, (await users.find({ order: { id: 'ASC' } })).map(view)];
  });
  await step('find by id', async () => view(await users.findOneBy({ id: 1 })));
  await step('find by protected value', async () => [
    view(await users.findOneBy({ email: 'grace.zq9@example.com' })),
    view(await users.findOneBy({ email: 'nobody@example.com' })),
  ]);
  await step('LIKE', async () => {
    const found = await users.find({ where: { email: Like('%@example.com') }, order: { email: 'ASC' } });
    return found.map(({ email }) => email);
  });
  await step('IN', async () => {
    const email = In(['bjork.zq9@example.org', 'linus.zq9@example.net', 'nobody@example.com']);
    return (await users.find({ where: { email }, order: { id: 'ASC' } })).map(({ name }) => name);
  });
  await step('range and order', async () => {
    const where = { age: And(MoreThanOrEqual(56), LessThan(80)) };
    return (await users.find({ where, order: { age: 'DESC' } })).map(({ name, age }) => [name, age]);
  });
  await step('IS NULL', async () => (await users.findBy({ phone: IsNull() })).map(({ name }) => name));
  await step('update one', async () => {
    const linus = await users.findOneByOrFail({ name: 'Linus' });
    linus.phone = '+358 zq9 44';
    linus.age = 57;
    await users.save(linus);
    return view(await users.findOneBy({ id: linus.id }));
  });
  await step('update where', async () => {
    const done = await users.update(
      { email: 'ada.zq9@example.com' },
      { city: 'Cambridge', bio: 'zq9 changed' },
    );
    return [done.affected, view(await users.findOneBy({ id: 1 }))];
  });
  await step('increment', async () => {
    await users.increment({ id: 1 }, 'logins', 3);
    return (await users.findOneBy({ id: 1 })).logins;
  });
  await step('increment protected', async () => {
    await users.increment({ name: 'Linus' }, 'age', 2);
    return (await users.findOneBy({ name: 'Linus' })).age;
  });
  await step('delete', async () => {
    await users.insert(person('Isaac', 'isaac.zq9@example.com'));
    const done = await users.delete({ email: 'isaac.zq9@example.com' });
    return [done.affected, await users.count()];
  });
  await step('soft delete', async () => {
    await users.softDelete({ email: 'zoe.zq9@example.com' });
    const left = (await users.find({ order: { email: 'ASC' } })).map(({ email }) => email);
    const all = await users.count({ withDeleted: true });
    await users.restore({ email: 'zoe.zq9@example.com' });
    return [left, all, await users.count()];
  });
  await relations();
  await step('page', async () => {
    const [rows, count] = await users.findAndCount({ order: { email: 'ASC' }, take: 2, skip: 2 });
    return [count, rows.map(view)];
  });
  await step('keyset', async () => {
    const where = { email: MoreThan('bjork.zq9@example.org') };
    return (await users.find({ where, order: { email: 'ASC' }, take: 3 })).map(({ email }) => email);
  });
  await transactions();
  await values();
}

async function relations() {
  await step('create related', async () => {
    for (const { author, ...post } of posts) {
      const user = await users.findOneByOrFail({ email: people.find(({ name }) => name === author).email });
      await allPosts.save(allPosts.create({ ...post, tenantId: env.tenant, author: user }));
    }
    return await allPosts.count();
  });
  await step('eager', async () => {
    const found = await users.find({
      relations: { posts: true },
      order: { email: 'ASC', posts: { id: 'ASC' } },
    });
    // take and skip over a relation: TypeORM asks for the distinct ids first.
    const page = await users.find({
      relations: { posts: true },
      where: { posts: { likes: MoreThan(0) } },
      order: { email: 'DESC', posts: { id: 'ASC' } },
      take: 2,
    });
    return [found, page].map((some) =>
      some.map((user) => [user.name, user.email, user.posts.map(({ title, body }) => [title, body])]),
    );
  });
  await step('lazy', async () => {
    const posts = await source.createQueryBuilder().relation(UserSchema, 'posts').of(1).loadMany();
    const author = await source.createQueryBuilder().relation(PostSchema, 'author').of(posts[0]).loadOne();
    return [view(author), posts.map(({ body }) => body).sort()];
  });
  await step('join', async () => {
    const found = await allPosts
      .createQueryBuilder('p')
      .innerJoinAndSelect('p.author', 'u', 'u.email LIKE :email', { email: 'ada%' })
      .where('p.body LIKE :body', { body: 'zq9%' })
      .orderBy('u.email', 'ASC')
      .addOrderBy('p.body', 'DESC')
      .getMany();
    return found.map(({ title, body, author }) => [title, body, author.email, author.age]);
  });
  await step('count related', async () => {
    const found = await users
      .createQueryBuilder('u')
      .leftJoin('u.posts', 'p')
      .select('u.email', 'email')
      .addSelect('COUNT(p.id)', 'n')
      .groupBy('u.id')
      .addGroupBy('u.email')
      .orderBy('u.email')
      .getRawMany();
    return found.map(({ email, n }) => [email, Number(n)]);
  });
  await step('aggregates', async () => [
    await users.maximum('age'),
    await users.minimum('email').catch((error) => error.message),
    Number(await users.sum('age')),
    Number(await users.average('age')),
    await users.countBy({ age: MoreThan(50) }),
    await users.existsBy({ email: 'ada.zq9@example.com' }),
    await users
      .createQueryBuilder('u')
      .select('u.city', 'city')
      .addSelect('MAX(u.age)', 'oldest')
      .groupBy('u.city')
      .having('COUNT(u.phone) > 0')
      .orderBy('u.city')
      .getRawMany(),
  ]);
}

async function transactions() {
  const named = async (repository = users) =>
    (await repository.find({ where: { name: Like('Tx%') }, order: { email: 'ASC' } })).map(view);
  await step('commit', async () => {
    await source.transaction(async (manager) => {
      const own = manager.getRepository(UserSchema);
      await own.save(own.create(person('Tx 1', 'tx1.zq9@example.com')));
      await own.update({ email: 'tx1.zq9@example.com' }, { phone: 'zq9 tx' });
    });
    return await named();
  });
  await step('rollback', async () => {
    await undone(() =>
      source.transaction(async (manager) => {
        const own = manager.getRepository(UserSchema);
        await own.insert(person('Tx 2', 'tx2.zq9@example.com'));
        await own.update({ name: 'Tx 1' }, { phone: 'zq9 gone' });
        throw new Undo();
      }),
    );
    return await named();
  });
  await step('savepoint', async () => {
    await source.transaction(async (manager) => {
      await manager.getRepository(UserSchema).insert(person('Tx 3', 'tx3.zq9@example.com'));
      await undone(() =>
        manager.transaction(async (inner) => {
          await inner.getRepository(UserSchema).insert(person('Tx 4', 'tx4.zq9@example.com'));
          throw new Undo();
        }),
      );
      await manager.getRepository(UserSchema).insert(person('Tx 5', 'tx5.zq9@example.com'));
    });
    return await named();
  });
  await step('lock', async () =>
    source.transaction('READ COMMITTED', async (manager) => {
      const own = manager.getRepository(UserSchema);
      const locked = await own.findOne({
        where: { email: 'tx1.zq9@example.com' },
        lock: { mode: 'pessimistic_write' },
      });
      const shared = await own.find({ where: { name: 'Tx 3' }, lock: { mode: 'pessimistic_read' } });
      locked.phone = 'zq9 locked';
      await own.save(locked);
      return [view(await own.findOneBy({ id: locked.id })), shared.map(view)];
    }),
  );
}

async function values() {
  await step('NULL and empty', async () => {
    const { id } = await users.save(
      users.create(person('Nil', 'nil.zq9@example.com', { phone: '', bio: '' })),
    );
    const first = view(await users.findOneBy({ id }));
    await users.update({ id }, { phone: null, bio: null, photo: Buffer.alloc(0) });
    return [first, view(await users.findOneBy({ id }))];
  });
  await step('emoji', async () => {
    await users.insert(person('🚀', 'zq9👩‍👩‍👧‍👦@例え.jp', { bio: 'zq9 🇩🇪🏳️‍🌈' }));
    return [
      view(await users.findOneBy({ email: 'zq9👩‍👩‍👧‍👦@例え.jp' })),
      view(await users.findOneBy({ bio: Like('%🏳️‍🌈') })),
    ];
  });
  await step('long text', async () => {
    await users.insert(person('Long', 'long.zq9@example.com', { bio: LONG_TEXT }));
    const { bio } = await users.findOneBy({ name: 'Long' });
    return [bio.length, bio === LONG_TEXT];
  });
  await step('bytes', async () => {
    await users.insert(person('Bytes', 'bytes.zq9@example.com', { photo: ALL_BYTES }));
    const { photo } = await users.findOneBy({ name: 'Bytes' });
    return [photo.toString('hex'), await users.countBy({ photo: ALL_BYTES })];
  });
  await step('duplicate key', async () => [
    await errnoOf(() => users.insert(person('Twin', 'ada.zq9@example.com'))),
    await users.countBy({ name: 'Twin' }),
  ]);
  await step('raw SQL', async () => {
    const text = 'SELECT u.name, UPPER(u.email) AS shout, CHAR_LENGTH(u.phone) AS n FROM users u';
    return await source.query(`${text} WHERE u.email = ? OR u.age > ? ORDER BY u.id`, [
      'ada.zq9@example.com',
      70,
    ]);
  });
  await step('upsert', async () => {
    const grace = person('Grace H.', 'grace.zq9@example.com', { phone: '+1 zq9 22', age: 86 });
    await users.upsert(grace, ['tenantId', 'email']);
    await users.upsert(person('Newton', 'newton.zq9@example.com', { phone: '+44 zq9 7' }), [
      'tenantId',
      'email',
    ]);
    const found = await users.find({ where: { name: In(['Grace H.', 'Newton']) }, order: { name: 'ASC' } });
    return found.map((user) => ({ ...view(user), id: null }));
  });
}

async function other() {
  await step('other tenant', async () => {
    const email = 'ada.zq9@example.com';
    const before = [
      await users.count(),
      await allPosts.count(),
      view(await users.findOneBy({ email })),
      await users.findBy({ email: Like('%') }),
      (await users.update({ email }, { phone: 'zq9 stolen' })).affected,
      (await users.delete({ email })).affected,
    ];
    const author = await users.save(users.create(person('Ada 2', email, { phone: 'zq9 other' })));
    await allPosts.save({ title: 'Other', body: 'zq9 other', tenantId: env.tenant, author });
    const found = await users.find({ relations: { posts: true } });
    return [before, found.map((user) => [user.name, user.email, user.posts.map(({ body }) => body)])];
  });
}

async function again() {
  await step('own rows again', async () => [
    (await users.find({ order: { id: 'ASC' } })).map(({ name, email, phone, age }) => [
      name,
      email,
      phone,
      age,
    ]),
    (await allPosts.find({ order: { id: 'ASC' } })).map(({ title, body }) => [title, body]),
  ]);
}

// MikroORM: entity schemas, its schema generator and migrations, the unit of work, query builder.
import { EntitySchema, LockMode, MikroORM, raw } from '@mikro-orm/mysql';
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

versions('@mikro-orm/core', 'mysql2');

const optional = { nullable: true };
const User = new EntitySchema({
  name: 'User',
  tableName: 'users',
  properties: {
    id: { type: 'integer', primary: true, autoincrement: true, unsigned: false },
    tenantId: { type: 'string', length: 64 },
    name: { type: 'string', length: 100 },
    city: { type: 'string', length: 50, ...optional },
    logins: { type: 'integer', default: 0 },
    email: { type: 'string', length: 191, ...optional },
    phone: { type: 'string', length: 32, ...optional },
    bio: { type: 'text', ...optional },
    photo: { type: 'blob', ...optional },
    age: { type: 'integer', ...optional },
    createdAt: { type: 'datetime', length: 3 },
    deletedAt: { type: 'datetime', length: 3, ...optional },
    posts: { kind: '1:m', entity: () => 'Post', mappedBy: 'author' },
  },
  uniques: [{ name: 'users_tenant_email', properties: ['tenantId', 'email'] }],
});
const Post = new EntitySchema({
  name: 'Post',
  tableName: 'posts',
  properties: {
    id: { type: 'integer', primary: true, autoincrement: true, unsigned: false },
    tenantId: { type: 'string', length: 64 },
    author: { kind: 'm:1', entity: () => 'User', fieldName: 'user_id', deleteRule: 'cascade' },
    title: { type: 'string', length: 200, index: 'posts_title' },
    body: { type: 'text', ...optional },
    likes: { type: 'integer', default: 0 },
  },
});

const connect = async (more = {}) =>
  await MikroORM.init({
    host: env.host,
    port: env.port,
    user: env.user,
    password: env.password,
    dbName: env.database,
    charset: 'utf8mb4',
    timezone: '+00:00',
    entities: [User, Post],
    allowGlobalContext: false,
    debug: Boolean(process.env['ORM_LOG']),
    logger: (text) => console.error(text),
    ...more,
  });

if (phase === 'migrate') {
  await migrations(connect);
  process.exit(0);
}
const orm = await connect();
const fork = () => orm.em.fork();
await { suite, other, again }[phase]();
await orm.close();

async function created(data) {
  const em = fork();
  const user = em.create(User, data);
  await em.persist(user).flush();
  return await fork().findOne(User, user.id);
}

async function suite() {
  await step('create', async () => view(await created(people[0])));
  await step('bulk create', async () => {
    const em = fork();
    for (const each of people.slice(1, 3)) em.persist(em.create(User, each));
    await em.flush();
    const ids = await em.insertMany(User, people.slice(3));
    return [ids.length, (await fork().find(User, {}, { orderBy: { id: 'asc' } })).map(view)];
  });
  await step('find by id', async () => view(await fork().findOne(User, 1)));
  await step('find by protected value', async () => [
    view(await fork().findOne(User, { email: 'grace.zq9@example.com' })),
    view(await fork().findOne(User, { email: 'nobody@example.com' })),
  ]);
  await step('LIKE', async () => {
    const found = await fork().find(
      User,
      { email: { $like: '%@example.com' } },
      { orderBy: { email: 'asc' } },
    );
    return found.map(({ email }) => email);
  });
  await step('IN', async () => {
    const email = ['bjork.zq9@example.org', 'linus.zq9@example.net', 'nobody@example.com'];
    return (await fork().find(User, { email }, { orderBy: { id: 'asc' } })).map(({ name }) => name);
  });
  await step('range and order', async () => {
    const found = await fork().find(
      User,
      { age: { $gte: 56, $lt: 80 } },
      { orderBy: { age: 'desc' }, fields: ['name', 'age'] },
    );
    return found.map(({ name, age }) => [name, age]);
  });
  await step('IS NULL', async () => (await fork().find(User, { phone: null })).map(({ name }) => name));
  await step('update one', async () => {
    const em = fork();
    const linus = await em.findOneOrFail(User, { name: 'Linus' });
    linus.phone = '+358 zq9 44';
    linus.age = 57;
    await em.flush();
    return view(await fork().findOne(User, linus.id));
  });
  await step('update where', async () => {
    const where = { email: 'ada.zq9@example.com' };
    const affected = await fork().nativeUpdate(User, where, { city: 'Cambridge', bio: 'zq9 changed' });
    return [affected, view(await fork().findOne(User, 1))];
  });
  await step('increment', async () => {
    await fork().nativeUpdate(User, { id: 1 }, { logins: raw('logins + ?', [3]) });
    return (await fork().findOne(User, 1)).logins;
  });
  await step('increment protected', async () => {
    await fork().nativeUpdate(User, { name: 'Linus' }, { age: raw('age + ?', [2]) });
    return (await fork().findOne(User, { name: 'Linus' })).age;
  });
  await step('delete', async () => {
    await created(person('Isaac', 'isaac.zq9@example.com'));
    const affected = await fork().nativeDelete(User, { email: 'isaac.zq9@example.com' });
    return [affected, await fork().count(User)];
  });
  await step('soft delete', async () => {
    const where = { email: 'zoe.zq9@example.com' };
    await fork().nativeUpdate(User, where, { deletedAt: new Date('2026-03-01T00:00:00Z') });
    const left = await fork().find(User, { deletedAt: null }, { orderBy: { email: 'asc' } });
    await fork().nativeUpdate(User, where, { deletedAt: null });
    return [left.map(({ email }) => email), await fork().count(User, { deletedAt: null })];
  });
  await relations();
  await step('page', async () => {
    const [rows, count] = await fork().findAndCount(
      User,
      {},
      { orderBy: { email: 'asc' }, limit: 2, offset: 2 },
    );
    return [count, rows.map(view)];
  });
  await step('keyset', async () => {
    const first = await fork().findByCursor(User, {}, { first: 3, orderBy: { email: 'asc', id: 'asc' } });
    const second = await fork().findByCursor(
      User,
      {},
      { first: 3, after: first, orderBy: { email: 'asc', id: 'asc' } },
    );
    return [first, second].map((page) => [
      page.totalCount,
      page.hasNextPage,
      page.items.map(({ email }) => email),
    ]);
  });
  await transactions();
  await values();
  await step('upsert', async () => {
    const grace = person('Grace H.', 'grace.zq9@example.com', { phone: '+1 zq9 22', age: 86 });
    const isaac = person('Newton', 'newton.zq9@example.com', { phone: '+44 zq9 7' });
    await fork().upsert(User, grace, { onConflictFields: ['tenantId', 'email'] });
    await fork().upsertMany(User, [isaac, { ...grace, age: 87 }], {
      onConflictFields: ['tenantId', 'email'],
    });
    const found = await fork().find(User, { name: ['Grace H.', 'Newton'] }, { orderBy: { name: 'asc' } });
    return found.map((user) => ({ ...view(user), id: null }));
  });
}

async function relations() {
  await step('create related', async () => {
    const em = fork();
    for (const { author, ...post } of posts) {
      const user = await em.findOneOrFail(User, { email: people.find(({ name }) => name === author).email });
      em.persist(em.create(Post, { ...post, tenantId: env.tenant, author: user }));
    }
    await em.flush();
    return await em.count(Post);
  });
  await step('eager', async () => {
    // It changes the object that it is given.
    const orderBy = () => ({ email: 'asc', posts: { id: 'asc' } });
    const results = [];
    for (const strategy of ['joined', 'select-in']) {
      const found = await fork().find(User, {}, { populate: ['posts'], orderBy: orderBy(), strategy });
      results.push(
        found.map((user) => [
          user.name,
          user.email,
          user.posts.getItems().map(({ title, body }) => [title, body]),
        ]),
      );
    }
    const page = await fork().find(
      User,
      {},
      { populate: ['posts'], orderBy: orderBy(), limit: 2, strategy: 'joined' },
    );
    return [...results, page.map((user) => [user.email, user.age, user.posts.count()])];
  });
  await step('lazy', async () => {
    const em = fork();
    const moth = await em.findOneOrFail(Post, { title: 'Moth' });
    const author = await em.populate(moth, ['author']).then(() => moth.author);
    const ada = await em.findOneOrFail(User, 1);
    const theirs = await ada.posts.loadItems({ orderBy: { id: 'asc' } });
    return [view(author), theirs.map(({ body }) => body)];
  });
  await step('join', async () => {
    const found = await fork().find(
      Post,
      { author: { email: { $like: 'ada%' } }, body: { $like: 'zq9%' } },
      { populate: ['author'], orderBy: { author: { email: 'asc' }, body: 'desc' } },
    );
    const some = await fork().find(User, { posts: { $some: { body: { $like: '%case%' } } } });
    const none = await fork().find(User, { posts: { $none: {} } }, { orderBy: { email: 'asc' } });
    return [
      found.map(({ title, body, author }) => [title, body, author.email, author.age]),
      some.map(({ email }) => email),
      none.map(({ email }) => email),
    ];
  });
  await step('count related', async () =>
    fork()
      .createQueryBuilder(User, 'u')
      .select(['u.email', raw('count(p.id) as n')])
      .leftJoin('u.posts', 'p')
      .groupBy(['u.id', 'u.email'])
      .orderBy({ 'u.email': 'asc' })
      .execute(),
  );
  await step('aggregates', async () => {
    const builder = () => fork().createQueryBuilder(User, 'u');
    return [
      (
        await builder()
          .select([raw('min(u.email) as first'), raw('max(u.email) as last')])
          .execute()
      )[0],
      (
        await builder()
          .select([raw('max(u.age) as oldest'), raw('sum(u.age) as total')])
          .execute()
      )[0],
      await builder()
        .select(['u.city', raw('count(u.phone) as n')])
        .groupBy('u.city')
        .having('count(u.phone) > 0')
        .orderBy({ 'u.city': 'asc' })
        .execute(),
      await builder().count('u.email', true).execute(),
      await fork().count(User, { $or: [{ age: { $gt: 80 } }, { email: { $like: 'ada%' } }] }),
    ];
  });
}

async function transactions() {
  const named = async () =>
    (await fork().find(User, { name: { $like: 'Tx%' } }, { orderBy: { email: 'asc' } })).map(view);
  await step('commit', async () => {
    await fork().transactional(async (em) => {
      em.persist(em.create(User, person('Tx 1', 'tx1.zq9@example.com')));
      await em.flush();
      await em.nativeUpdate(User, { email: 'tx1.zq9@example.com' }, { phone: 'zq9 tx' });
    });
    return await named();
  });
  await step('rollback', async () => {
    await undone(() =>
      fork().transactional(async (em) => {
        await em.insert(User, person('Tx 2', 'tx2.zq9@example.com'));
        (await em.findOneOrFail(User, { name: 'Tx 1' })).phone = 'zq9 gone';
        await em.flush();
        throw new Undo();
      }),
    );
    return await named();
  });
  await step('savepoint', async () => {
    await fork().transactional(async (em) => {
      await em.insert(User, person('Tx 3', 'tx3.zq9@example.com'));
      await undone(() =>
        em.transactional(async (inner) => {
          await inner.insert(User, person('Tx 4', 'tx4.zq9@example.com'));
          throw new Undo();
        }),
      );
      await em.insert(User, person('Tx 5', 'tx5.zq9@example.com'));
    });
    return await named();
  });
  await step('lock', async () =>
    fork().transactional(async (em) => {
      const email = 'tx1.zq9@example.com';
      const locked = await em.findOneOrFail(User, { email }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      const shared = await em.find(User, { name: 'Tx 3' }, { lockMode: LockMode.PESSIMISTIC_READ });
      locked.phone = 'zq9 locked';
      await em.flush();
      return [view(await em.refresh(locked)), shared.map(view)];
    }),
  );
}

async function values() {
  await step('NULL and empty', async () => {
    const first = await created(person('Nil', 'nil.zq9@example.com', { phone: '', bio: '' }));
    const em = fork();
    const user = await em.findOneOrFail(User, first.id);
    Object.assign(user, { phone: null, bio: null, photo: Buffer.alloc(0) });
    await em.flush();
    return [view(first), view(await fork().findOne(User, first.id))];
  });
  await step('emoji', async () => {
    await created(person('🚀', 'zq9👩‍👩‍👧‍👦@例え.jp', { bio: 'zq9 🇩🇪🏳️‍🌈' }));
    return [
      view(await fork().findOne(User, { email: 'zq9👩‍👩‍👧‍👦@例え.jp' })),
      view(await fork().findOne(User, { bio: { $like: '%🏳️‍🌈' } })),
    ];
  });
  await step('long text', async () => {
    const { bio } = await created(person('Long', 'long.zq9@example.com', { bio: LONG_TEXT }));
    return [bio.length, bio === LONG_TEXT];
  });
  await step('bytes', async () => {
    const { photo } = await created(person('Bytes', 'bytes.zq9@example.com', { photo: ALL_BYTES }));
    return [Buffer.from(photo).toString('hex'), await fork().count(User, { photo: ALL_BYTES })];
  });
  await step('duplicate key', async () => [
    await errnoOf(() => created(person('Twin', 'ada.zq9@example.com'))),
    await fork().count(User, { name: 'Twin' }),
  ]);
  await step('raw SQL', async () => {
    const text = 'SELECT u.name, UPPER(u.email) AS shout, CHAR_LENGTH(u.phone) AS n FROM users u';
    return await orm.em
      .getConnection()
      .execute(`${text} WHERE u.email = ? OR u.age > ? ORDER BY u.id`, ['ada.zq9@example.com', 70]);
  });
}

async function other() {
  await step('other tenant', async () => {
    const email = 'ada.zq9@example.com';
    const before = [
      await fork().count(User),
      await fork().count(Post),
      view(await fork().findOne(User, { email })),
      await fork().find(User, { email: { $like: '%' } }),
      await fork().nativeUpdate(User, { email }, { phone: 'zq9 stolen' }),
      await fork().nativeDelete(User, { email }),
    ];
    const em = fork();
    const author = em.create(User, person('Ada 2', email, { phone: 'zq9 other' }));
    em.persist(em.create(Post, { title: 'Other', body: 'zq9 other', tenantId: env.tenant, author }));
    await em.flush();
    const found = await fork().find(User, {}, { populate: ['posts'] });
    return [
      before,
      found.map((user) => [user.name, user.email, user.posts.getItems().map(({ body }) => body)]),
    ];
  });
}

async function again() {
  await step('own rows again', async () => [
    (await fork().find(User, {}, { orderBy: { id: 'asc' } })).map(({ name, email, phone, age }) => [
      name,
      email,
      phone,
      age,
    ]),
    (await fork().find(Post, {}, { orderBy: { id: 'asc' } })).map(({ title, body }) => [title, body]),
  ]);
}

// Prisma Client with the driver adapter for MariaDB and MySQL.
import { PrismaMariaDb } from '@prisma/adapter-mariadb';
import { Prisma, PrismaClient } from '@prisma/client';
import {
  ALL_BYTES,
  env,
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

versions('@prisma/client', 'mariadb');

const adapter = new PrismaMariaDb({
  host: env.host,
  port: env.port,
  user: env.user,
  password: env.password,
  database: env.database,
  connectionLimit: 2,
  connectTimeout: 10_000,
  allowPublicKeyRetrieval: true,
});
const prisma = new PrismaClient({ adapter, log: process.env['ORM_LOG'] ? ['query'] : [] });
const users = prisma.user;
const ofEmail = (email) => ({ tenantEmail: { tenantId: env.tenant, email } });

await { suite, other, again }[phase]();
await prisma.$disconnect();

async function suite() {
  await step('create', async () => view(await users.create({ data: people[0] })));
  await step('bulk create', async () => {
    const made = await users.createMany({ data: people.slice(1) });
    return [made.count, (await users.findMany({ orderBy: { id: 'asc' } })).map(view)];
  });
  await step('find by id', async () => view(await users.findUnique({ where: { id: 1 } })));
  await step('find by protected value', async () => [
    view(await users.findUnique({ where: ofEmail('grace.zq9@example.com') })),
    view(await users.findFirst({ where: { email: 'grace.zq9@example.com' } })),
    view(await users.findFirst({ where: { email: 'nobody@example.com' } })),
  ]);
  await step('LIKE', async () => {
    const ends = await users.findMany({
      where: { email: { endsWith: '@example.com' } },
      orderBy: { email: 'asc' },
    });
    return ends.map(({ email }) => email);
  });
  await step('IN', async () => {
    const emails = ['bjork.zq9@example.org', 'linus.zq9@example.net', 'nobody@example.com'];
    const found = await users.findMany({ where: { email: { in: emails } }, orderBy: { id: 'asc' } });
    return found.map(({ name }) => name);
  });
  await step('range and order', async () => {
    const where = { age: { gte: 56, lt: 80 } };
    const found = await users.findMany({
      where,
      orderBy: { age: 'desc' },
      select: { name: true, age: true },
    });
    return found.map(({ name, age }) => [name, age]);
  });
  await step('IS NULL', async () =>
    (await users.findMany({ where: { phone: null } })).map(({ name }) => name),
  );
  await step('update one', async () => {
    const { id } = await users.findFirst({ where: { name: 'Linus' } });
    return view(await users.update({ where: { id }, data: { phone: '+358 zq9 44', age: 57 } }));
  });
  await step('update where', async () => {
    const data = { city: 'Cambridge', bio: 'zq9 changed' };
    const done = await users.updateMany({ where: { email: 'ada.zq9@example.com' }, data });
    return [done.count, view(await users.findUnique({ where: { id: 1 } }))];
  });
  await step('increment', async () => {
    const { logins } = await users.update({ where: { id: 1 }, data: { logins: { increment: 3 } } });
    return logins;
  });
  await step('increment protected', async () => {
    await users.updateMany({ where: { name: 'Linus' }, data: { age: { increment: 2 } } });
    return (await users.findFirst({ where: { name: 'Linus' } })).age;
  });
  await step('delete', async () => {
    await users.create({ data: person('Isaac', 'isaac.zq9@example.com') });
    const gone = await users.delete({ where: ofEmail('isaac.zq9@example.com') });
    await users.create({ data: person('Isaac 2', 'isaac.zq9@example.com') });
    const done = await users.deleteMany({ where: { email: 'isaac.zq9@example.com' } });
    return [gone.name, done.count, await users.count()];
  });
  await step('soft delete', async () => {
    const where = { email: 'zoe.zq9@example.com' };
    await users.updateMany({ where, data: { deletedAt: new Date('2026-03-01T00:00:00Z') } });
    const left = await users.findMany({ where: { deletedAt: null }, orderBy: { email: 'asc' } });
    await users.updateMany({ where, data: { deletedAt: null } });
    return [left.map(({ email }) => email), await users.count({ where: { deletedAt: null } })];
  });
  await relations();
  await step('page', async () => {
    const [count, rows] = await prisma.$transaction([
      users.count(),
      users.findMany({ orderBy: { email: 'asc' }, skip: 2, take: 2 }),
    ]);
    return [count, rows.map(view)];
  });
  await step('keyset', async () => {
    const found = await users.findMany({
      where: { email: { gt: 'bjork.zq9@example.org' } },
      orderBy: { email: 'asc' },
      take: 3,
    });
    const byCursor = await users.findMany({ cursor: { id: 2 }, skip: 1, take: 2, orderBy: { email: 'asc' } });
    return [found, byCursor].map((some) => some.map(({ email }) => email));
  });
  await transactions();
  await values();
  await step('upsert', async () => {
    const grace = person('Grace H.', 'grace.zq9@example.com', { phone: '+1 zq9 22', age: 86 });
    const isaac = person('Newton', 'newton.zq9@example.com', { phone: '+44 zq9 7' });
    for (const data of [grace, isaac]) {
      await users.upsert({ where: ofEmail(data.email), create: data, update: data });
    }
    const found = await users.findMany({
      where: { name: { in: ['Grace H.', 'Newton'] } },
      orderBy: { name: 'asc' },
    });
    return found.map((user) => ({ ...view(user), id: null }));
  });
}

async function relations() {
  await step('create related', async () => {
    for (const { author, ...post } of posts) {
      const { email } = people.find(({ name }) => name === author);
      const created = { ...post, tenantId: env.tenant };
      await users.update({ where: ofEmail(email), data: { posts: { create: created } } });
    }
    return await prisma.post.count();
  });
  await step('eager', async () => {
    const found = await users.findMany({
      include: { posts: { orderBy: { id: 'asc' } } },
      orderBy: { email: 'asc' },
    });
    return found.map((user) => [user.name, user.email, user.posts.map(({ title, body }) => [title, body])]);
  });
  await step('lazy', async () => {
    const author = await prisma.post.findFirst({ where: { title: 'Moth' } }).author();
    const ofAda = await users.findUnique({ where: { id: 1 } }).posts({ orderBy: { id: 'asc' } });
    return [view(author), ofAda.map(({ body }) => body)];
  });
  await step('join', async () => {
    const found = await prisma.post.findMany({
      where: { author: { email: { startsWith: 'ada' } }, body: { startsWith: 'zq9' } },
      include: { author: true },
      orderBy: [{ author: { email: 'asc' } }, { body: 'desc' }],
    });
    const some = await users.findMany({ where: { posts: { some: { body: { contains: 'case' } } } } });
    const none = await users.findMany({ where: { posts: { none: {} } }, orderBy: { email: 'asc' } });
    return [
      found.map(({ title, body, author }) => [title, body, author.email, author.age]),
      some.map(view),
      none.map(({ email }) => email),
    ];
  });
  await step('count related', async () => {
    const found = await users.findMany({
      select: { email: true, _count: { select: { posts: true } } },
      orderBy: [{ posts: { _count: 'desc' } }, { email: 'asc' }],
    });
    return found.map((user) => [user.email, user._count.posts]);
  });
  await step('aggregates', async () => [
    await users.aggregate({
      _max: { age: true },
      _min: { email: true },
      _sum: { age: true },
      _avg: { age: true },
    }),
    await users.count({ where: { age: { gt: 50 } } }),
    await users.groupBy({
      by: ['city'],
      _max: { age: true },
      _count: { phone: true },
      having: { phone: { _count: { gt: 0 } } },
      orderBy: { city: 'asc' },
    }),
    await users.findMany({ distinct: ['age'], select: { age: true }, orderBy: { age: 'asc' } }),
  ]);
}

async function transactions() {
  const named = async () =>
    (await users.findMany({ where: { name: { startsWith: 'Tx' } }, orderBy: { email: 'asc' } })).map(view);
  await step('commit', async () => {
    await prisma.$transaction(async (tx) => {
      await tx.user.create({ data: person('Tx 1', 'tx1.zq9@example.com') });
      await tx.user.updateMany({ where: { email: 'tx1.zq9@example.com' }, data: { phone: 'zq9 tx' } });
    });
    return await named();
  });
  await step('rollback', async () => {
    await undone(() =>
      prisma.$transaction(async (tx) => {
        await tx.user.create({ data: person('Tx 2', 'tx2.zq9@example.com') });
        await tx.user.updateMany({ where: { name: 'Tx 1' }, data: { phone: 'zq9 gone' } });
        throw new Undo();
      }),
    );
    return await named();
  });
  await step('lock', async () =>
    prisma.$transaction(
      async (tx) => {
        const email = 'tx1.zq9@example.com';
        const [locked] = await tx.$queryRaw`SELECT id, phone FROM users WHERE email = ${email} FOR UPDATE`;
        return view(await tx.user.update({ where: { id: locked.id }, data: { phone: 'zq9 locked' } }));
      },
      { isolationLevel: Prisma.TransactionIsolationLevel.Serializable },
    ),
  );
}

async function values() {
  await step('NULL and empty', async () => {
    const { id } = await users.create({ data: person('Nil', 'nil.zq9@example.com', { phone: '', bio: '' }) });
    const first = view(await users.findUnique({ where: { id } }));
    const data = { phone: null, bio: null, photo: Buffer.alloc(0) };
    return [first, view(await users.update({ where: { id }, data }))];
  });
  await step('emoji', async () => {
    await users.create({ data: person('🚀', 'zq9👩‍👩‍👧‍👦@例え.jp', { bio: 'zq9 🇩🇪🏳️‍🌈' }) });
    return [
      view(await users.findUnique({ where: ofEmail('zq9👩‍👩‍👧‍👦@例え.jp') })),
      view(await users.findFirst({ where: { bio: { endsWith: '🏳️‍🌈' } } })),
    ];
  });
  await step('long text', async () => {
    await users.create({ data: person('Long', 'long.zq9@example.com', { bio: LONG_TEXT }) });
    const { bio } = await users.findFirst({ where: { name: 'Long' } });
    return [bio.length, bio === LONG_TEXT];
  });
  await step('bytes', async () => {
    await users.create({ data: person('Bytes', 'bytes.zq9@example.com', { photo: ALL_BYTES }) });
    const { photo } = await users.findFirst({ where: { name: 'Bytes' } });
    return [Buffer.from(photo).toString('hex'), await users.count({ where: { photo: ALL_BYTES } })];
  });
  await step('duplicate key', async () => {
    const failure = await users.create({ data: person('Twin', 'ada.zq9@example.com') }).then(
      () => null,
      (error) => [error.code, error.meta?.driverAdapterError?.cause?.originalCode ?? null],
    );
    return [failure, await users.count({ where: { name: 'Twin' } })];
  });
  await step('raw SQL', async () => {
    const [email, age] = ['ada.zq9@example.com', 70];
    return [
      await prisma.$queryRaw`SELECT u.name, UPPER(u.email) AS shout, CHAR_LENGTH(u.phone) AS n FROM users u
        WHERE u.email = ${email} OR u.age > ${age} ORDER BY u.id`,
      await prisma.$executeRaw`UPDATE users SET phone = CONCAT(phone, ${'!'}) WHERE email = ${email}`,
      (await users.findFirst({ where: { email } })).phone,
    ];
  });
}

async function other() {
  await step('other tenant', async () => {
    const email = 'ada.zq9@example.com';
    const before = [
      await users.count(),
      await prisma.post.count(),
      view(await users.findFirst({ where: { email } })),
      await users.findMany({ where: { email: { contains: 'zq9' } } }),
      (await users.updateMany({ where: { email }, data: { phone: 'zq9 stolen' } })).count,
      (await users.deleteMany({ where: { email } })).count,
    ];
    const post = { title: 'Other', body: 'zq9 other', tenantId: env.tenant };
    const own = person('Ada 2', email, { phone: 'zq9 other' });
    await users.create({ data: { ...own, posts: { create: post } } });
    const found = await users.findMany({ include: { posts: true } });
    return [before, found.map((user) => [user.name, user.email, user.posts.map(({ body }) => body)])];
  });
}

async function again() {
  await step('own rows again', async () => [
    (await users.findMany({ orderBy: { id: 'asc' } })).map(({ name, email, phone, age }) => [
      name,
      email,
      phone,
      age,
    ]),
    (await prisma.post.findMany({ orderBy: { id: 'asc' } })).map(({ title, body }) => [title, body]),
  ]);
}

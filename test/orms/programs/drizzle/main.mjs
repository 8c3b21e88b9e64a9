// Drizzle ORM: its query builder, relational queries, and drizzle-kit (generate, migrate, pull, push).
import {
  and,
  asc,
  avg,
  between,
  count,
  countDistinct,
  desc,
  eq,
  gt,
  gte,
  inArray,
  isNull,
  like,
  lt,
  max,
  min,
  or,
  sql,
  sum,
} from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/mysql2';
import { createPool } from 'mysql2/promise';
import {
  ALL_BYTES,
  env,
  errnoOf,
  LONG_TEXT,
  people,
  person,
  phase,
  step,
  posts as thePosts,
  Undo,
  undone,
  versions,
  view,
} from '../common/scenario.mjs';
import { migrations } from './migrations.mjs';
import * as schema from './schema.mjs';

const { users, posts } = schema;
versions('drizzle-orm', 'mysql2');

const pool = createPool({
  host: env.host,
  port: env.port,
  user: env.user,
  password: env.password,
  database: env.database,
  charset: 'utf8mb4',
  timezone: 'Z',
  connectionLimit: 2,
});
const db = drizzle({ client: pool, schema, mode: 'default', logger: Boolean(process.env['ORM_LOG']) });

const first = async (query) => (await query.limit(1))[0];

await { migrate: () => migrations(db), suite, other, again }[phase]();
await pool.end();

async function suite() {
  await step('create', async () => {
    const [{ insertId }] = await db.insert(users).values(people[0]);
    return view(await first(db.select().from(users).where(eq(users.id, insertId))));
  });
  await step('bulk create', async () => {
    const ids = await db.insert(users).values(people.slice(1)).$returningId();
    return [ids, (await db.select().from(users).orderBy(users.id)).map(view)];
  });
  await step('find by id', async () => view(await db.query.users.findFirst({ where: eq(users.id, 1) })));
  await step('find by protected value', async () => {
    const byEmail = db
      .select()
      .from(users)
      .where(eq(users.email, sql.placeholder('email')))
      .prepare();
    return [
      (await byEmail.execute({ email: 'grace.zq9@example.com' })).map(view),
      (await byEmail.execute({ email: 'nobody@example.com' })).map(view),
    ];
  });
  await step('LIKE', async () =>
    db
      .select({ email: users.email })
      .from(users)
      .where(like(users.email, '%@example.com'))
      .orderBy(asc(users.email)),
  );
  await step('IN', async () => {
    const emails = ['bjork.zq9@example.org', 'linus.zq9@example.net', 'nobody@example.com'];
    return await db
      .select({ name: users.name })
      .from(users)
      .where(inArray(users.email, emails))
      .orderBy(users.id);
  });
  await step('range and order', async () => [
    await db
      .select({ name: users.name, age: users.age })
      .from(users)
      .where(and(gte(users.age, 56), lt(users.age, 80)))
      .orderBy(desc(users.age)),
    await db
      .select({ age: users.age })
      .from(users)
      .where(between(users.age, 50, 60))
      .orderBy(users.age),
  ]);
  await step('IS NULL', async () => db.select({ name: users.name }).from(users).where(isNull(users.phone)));
  await step('update one', async () => {
    await db.update(users).set({ phone: '+358 zq9 44', age: 57 }).where(eq(users.name, 'Linus'));
    return view(await first(db.select().from(users).where(eq(users.name, 'Linus'))));
  });
  await step('update where', async () => {
    const set = { city: 'Cambridge', bio: 'zq9 changed' };
    const [done] = await db.update(users).set(set).where(eq(users.email, 'ada.zq9@example.com'));
    return [done.affectedRows, view(await first(db.select().from(users).where(eq(users.id, 1))))];
  });
  await step('increment', async () => {
    await db
      .update(users)
      .set({ logins: sql`${users.logins} + 3` })
      .where(eq(users.id, 1));
    return (await first(db.select().from(users).where(eq(users.id, 1)))).logins;
  });
  await step('increment protected', async () => {
    await db
      .update(users)
      .set({ age: sql`${users.age} + 2` })
      .where(eq(users.name, 'Linus'));
    return (await first(db.select().from(users).where(eq(users.name, 'Linus')))).age;
  });
  await step('delete', async () => {
    await db.insert(users).values(person('Isaac', 'isaac.zq9@example.com'));
    const [done] = await db.delete(users).where(eq(users.email, 'isaac.zq9@example.com'));
    return [done.affectedRows, await db.$count(users)];
  });
  await step('soft delete', async () => {
    const zoe = eq(users.email, 'zoe.zq9@example.com');
    await db
      .update(users)
      .set({ deletedAt: new Date('2026-03-01T00:00:00Z') })
      .where(zoe);
    const left = await db
      .select({ email: users.email })
      .from(users)
      .where(isNull(users.deletedAt))
      .orderBy(users.email);
    await db.update(users).set({ deletedAt: null }).where(zoe);
    return [left, await db.$count(users, isNull(users.deletedAt))];
  });
  await relations();
  await step('page', async () => [
    (await db.select().from(users).orderBy(users.email).limit(2).offset(2)).map(view),
    await db.$count(users, gt(users.age, 0)),
  ]);
  await step('keyset', async () =>
    db
      .select({ email: users.email })
      .from(users)
      .where(or(gt(users.email, 'bjork.zq9@example.org'), and(eq(users.email, 'x'), gt(users.id, 1))))
      .orderBy(users.email, users.id)
      .limit(3),
  );
  await transactions();
  await values();
  await step('upsert', async () => {
    const some = [
      person('Grace H.', 'grace.zq9@example.com', { phone: '+1 zq9 22', age: 86 }),
      person('Newton', 'newton.zq9@example.com', { phone: '+44 zq9 7' }),
    ];
    for (const each of some) {
      const { name, phone, age } = each;
      await db.insert(users).values(each).onDuplicateKeyUpdate({ set: { name, phone, age } });
    }
    await db
      .insert(users)
      .ignore()
      .values({ ...some[1], name: 'Ignored' });
    const found = await db
      .select()
      .from(users)
      .where(inArray(users.name, ['Grace H.', 'Newton', 'Ignored']))
      .orderBy(users.name);
    return found.map((user) => ({ ...view(user), id: null }));
  });
}

async function relations() {
  await step('create related', async () => {
    for (const { author, ...post } of thePosts) {
      const { email } = people.find(({ name }) => name === author);
      const { id } = await first(db.select({ id: users.id }).from(users).where(eq(users.email, email)));
      await db.insert(posts).values({ ...post, tenantId: env.tenant, userId: id });
    }
    return await db.$count(posts);
  });
  // One statement with LATERAL joins and JSON on MySQL; MariaDB has no LATERAL.
  await step('eager', async () => {
    if (env.server === 'mariadb') {
      const rows = await db
        .select()
        .from(users)
        .leftJoin(posts, eq(posts.userId, users.id))
        .orderBy(users.email, posts.id);
      return rows.map((row) => [view(row.users), row.posts?.title ?? null, row.posts?.body ?? null]);
    }
    const found = await db.query.users.findMany({
      with: { posts: { orderBy: asc(posts.id), columns: { title: true, body: true } } },
      orderBy: asc(users.email),
    });
    return found.map((user) => [view({ ...user, photo: null }), user.posts]);
  });
  await step('lazy', async () => {
    const [moth] = await db.select().from(posts).where(eq(posts.title, 'Moth'));
    return view(await db.query.users.findFirst({ where: eq(users.id, moth.userId) }));
  });
  await step('join', async () => {
    const loud = db.$with('loud').as(db.select().from(users).where(gt(users.age, 50)));
    const counted = db
      .select({ userId: posts.userId, n: count().as('n') })
      .from(posts)
      .groupBy(posts.userId)
      .as('counted');
    return [
      await db
        .select({ title: posts.title, body: posts.body, email: users.email, age: users.age })
        .from(posts)
        .innerJoin(users, and(eq(users.id, posts.userId), like(users.email, 'ada%')))
        .orderBy(users.email, desc(posts.body)),
      await db
        .with(loud)
        .select({ email: loud.email, title: posts.title })
        .from(loud)
        .leftJoin(posts, eq(posts.userId, loud.id))
        .orderBy(loud.email),
      await db
        .select({ email: users.email, n: counted.n })
        .from(users)
        .innerJoin(counted, eq(counted.userId, users.id))
        .orderBy(users.email),
      await db
        .select({ email: users.email })
        .from(users)
        .where(lt(users.age, 40))
        .union(db.select({ email: users.email }).from(users).where(gt(users.age, 80)))
        .orderBy(users.email),
    ];
  });
  await step('count related', async () =>
    db
      .select({ email: users.email, n: count(posts.id) })
      .from(users)
      .leftJoin(posts, eq(posts.userId, users.id))
      .groupBy(users.id, users.email)
      .orderBy(users.email),
  );
  await step('aggregates', async () => [
    await db
      .select({
        oldest: max(users.age),
        first: min(users.email),
        total: sum(users.age),
        mean: avg(users.age),
        n: countDistinct(users.email),
      })
      .from(users),
    await db
      .select({ city: users.city, oldest: max(users.age) })
      .from(users)
      .groupBy(users.city)
      .having(gt(count(users.phone), 0))
      .orderBy(users.city),
    await db.selectDistinct({ age: users.age }).from(users).orderBy(users.age),
  ]);
}

async function transactions() {
  const named = async () =>
    (await db.select().from(users).where(like(users.name, 'Tx%')).orderBy(users.email)).map(view);
  await step('commit', async () => {
    await db.transaction(async (tx) => {
      await tx.insert(users).values(person('Tx 1', 'tx1.zq9@example.com'));
      await tx.update(users).set({ phone: 'zq9 tx' }).where(eq(users.email, 'tx1.zq9@example.com'));
    });
    return await named();
  });
  await step('rollback', async () => {
    await undone(() =>
      db.transaction(async (tx) => {
        await tx.insert(users).values(person('Tx 2', 'tx2.zq9@example.com'));
        await tx.update(users).set({ phone: 'zq9 gone' }).where(eq(users.name, 'Tx 1'));
        throw new Undo();
      }),
    );
    return await named();
  });
  await step('savepoint', async () => {
    await db.transaction(async (tx) => {
      await tx.insert(users).values(person('Tx 3', 'tx3.zq9@example.com'));
      await undone(() =>
        tx.transaction(async (inner) => {
          await inner.insert(users).values(person('Tx 4', 'tx4.zq9@example.com'));
          throw new Undo();
        }),
      );
      await tx.insert(users).values(person('Tx 5', 'tx5.zq9@example.com'));
    });
    return await named();
  });
  await step('lock', async () =>
    db.transaction(
      async (tx) => {
        const byEmail = tx.select().from(users).where(eq(users.email, 'tx1.zq9@example.com'));
        const [locked] = await byEmail.for('update');
        const skipped = await tx
          .select()
          .from(users)
          .where(eq(users.name, 'Tx 3'))
          .for('update', { skipLocked: true });
        await tx.update(users).set({ phone: 'zq9 locked' }).where(eq(users.id, locked.id));
        const [after] = await tx.select().from(users).where(eq(users.id, locked.id));
        return [view(after), skipped.map(view)];
      },
      { isolationLevel: 'repeatable read', accessMode: 'read write', withConsistentSnapshot: false },
    ),
  );
}

async function values() {
  const named = async (name) => await first(db.select().from(users).where(eq(users.name, name)));
  await step('NULL and empty', async () => {
    await db.insert(users).values(person('Nil', 'nil.zq9@example.com', { phone: '', bio: '' }));
    const before = view(await named('Nil'));
    await db
      .update(users)
      .set({ phone: null, bio: null, photo: Buffer.alloc(0) })
      .where(eq(users.name, 'Nil'));
    return [before, view(await named('Nil'))];
  });
  await step('emoji', async () => {
    await db.insert(users).values(person('🚀', 'zq9👩‍👩‍👧‍👦@例え.jp', { bio: 'zq9 🇩🇪🏳️‍🌈' }));
    return [
      view(await first(db.select().from(users).where(eq(users.email, 'zq9👩‍👩‍👧‍👦@例え.jp')))),
      view(await first(db.select().from(users).where(like(users.bio, '%🏳️‍🌈')))),
    ];
  });
  await step('long text', async () => {
    await db.insert(users).values(person('Long', 'long.zq9@example.com', { bio: LONG_TEXT }));
    const { bio } = await named('Long');
    return [bio.length, bio === LONG_TEXT];
  });
  await step('bytes', async () => {
    await db.insert(users).values(person('Bytes', 'bytes.zq9@example.com', { photo: ALL_BYTES }));
    return [(await named('Bytes')).photo.toString('hex'), await db.$count(users, eq(users.photo, ALL_BYTES))];
  });
  await step('duplicate key', async () => [
    await errnoOf(() => db.insert(users).values(person('Twin', 'ada.zq9@example.com'))),
    await db.$count(users, eq(users.name, 'Twin')),
  ]);
  await step('raw SQL', async () => {
    const [email, age] = ['ada.zq9@example.com', 70];
    const [rows] = await db.execute(
      sql`SELECT u.name, UPPER(u.email) AS shout, CHAR_LENGTH(u.phone) AS n FROM users u
        WHERE u.email = ${email} OR u.age > ${age} ORDER BY u.id`,
    );
    return rows;
  });
}

async function other() {
  await step('other tenant', async () => {
    const ada = eq(users.email, 'ada.zq9@example.com');
    const before = [
      await db.$count(users),
      await db.$count(posts),
      await db.select().from(users).where(ada),
      await db.select().from(users).where(like(users.email, '%')),
      (await db.update(users).set({ phone: 'zq9 stolen' }).where(ada))[0].affectedRows,
      (await db.delete(users).where(ada))[0].affectedRows,
    ];
    const own = person('Ada 2', 'ada.zq9@example.com', { phone: 'zq9 other' });
    const [{ id }] = await db.insert(users).values(own).$returningId();
    await db.insert(posts).values({ title: 'Other', body: 'zq9 other', tenantId: env.tenant, userId: id });
    const found = await db
      .select({ name: users.name, email: users.email, body: posts.body })
      .from(users)
      .leftJoin(posts, eq(posts.userId, users.id));
    return [before, found];
  });
}

async function again() {
  await step('own rows again', async () => [
    await db
      .select({ name: users.name, email: users.email, phone: users.phone, age: users.age })
      .from(users)
      .orderBy(users.id),
    await db.select({ title: posts.title, body: posts.body }).from(posts).orderBy(posts.id),
  ]);
}

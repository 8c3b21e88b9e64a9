// Knex: its query builder, schema builder and migrations. It has no models: relations are joins. Its whereLike adds a
// collation of utf8mb3, which no utf8mb4 column takes.
import createKnex from 'knex';
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

versions('knex', 'mysql2');

const knex = createKnex({
  client: 'mysql2',
  connection: {
    host: env.host,
    port: env.port,
    user: env.user,
    password: env.password,
    database: env.database,
    charset: 'utf8mb4',
    timezone: 'Z',
  },
  pool: { min: 0, max: 2 },
});
if (process.env['ORM_LOG']) knex.on('query', ({ sql }) => console.error(sql));

const COLUMNS = {
  id: 'id',
  tenantId: 'tenant_id',
  name: 'name',
  city: 'city',
  logins: 'logins',
  email: 'email',
  phone: 'phone',
  bio: 'bio',
  photo: 'photo',
  age: 'age',
  createdAt: 'created_at',
  deletedAt: 'deleted_at',
};
const row = (user) => Object.fromEntries(Object.entries(user).map(([key, value]) => [COLUMNS[key], value]));
const users = (on = knex) => on('users');
const selected = (on = knex) => users(on).select(COLUMNS);

await { migrate: () => migrations(knex), suite, other, again }[phase]();
await knex.destroy();

async function suite() {
  await step('create', async () => {
    const [id] = await users().insert(row(people[0]));
    return view(await selected().where({ id }).first());
  });
  await step('bulk create', async () => {
    await knex.batchInsert('users', people.slice(1).map(row), 3);
    return (await selected().orderBy('id')).map(view);
  });
  await step('find by id', async () => view(await selected().where('id', 1).first()));
  await step('find by protected value', async () => [
    view(await selected().where({ email: 'grace.zq9@example.com' }).first()),
    view(await selected().where({ email: 'nobody@example.com' }).first()),
  ]);
  await step('LIKE', async () => [
    await users().where('email', 'like', '%@example.com').orderBy('email').pluck('email'),
    await users().whereILike('email', '%@EXAMPLE.COM').orderBy('email').pluck('email'),
  ]);
  await step('IN', async () => {
    const emails = ['bjork.zq9@example.org', 'linus.zq9@example.net', 'nobody@example.com'];
    return await users().whereIn('email', emails).orderBy('id').pluck('name');
  });
  await step('range and order', async () => [
    await users().whereBetween('age', [56, 79]).orderBy('age', 'desc').select('name', 'age'),
    await users().where('age', '>', 50).andWhere('age', '<', 70).orderBy('age').select('name', 'age'),
  ]);
  await step('IS NULL', async () => await users().whereNull('phone').pluck('name'));
  await step('update one', async () => {
    const affected = await users().where({ name: 'Linus' }).update({ phone: '+358 zq9 44', age: 57 });
    return [affected, view(await selected().where({ name: 'Linus' }).first())];
  });
  await step('update where', async () => {
    const where = { email: 'ada.zq9@example.com' };
    const affected = await users().where(where).update({ city: 'Cambridge', bio: 'zq9 changed' });
    return [affected, view(await selected().where('id', 1).first())];
  });
  await step('increment', async () => {
    await users().where('id', 1).increment('logins', 3);
    return (await selected().where('id', 1).first()).logins;
  });
  await step('increment protected', async () => {
    await users().where({ name: 'Linus' }).increment('age', 2);
    return (await selected().where({ name: 'Linus' }).first()).age;
  });
  await step('delete', async () => {
    await users().insert(row(person('Isaac', 'isaac.zq9@example.com')));
    const affected = await users().where({ email: 'isaac.zq9@example.com' }).del();
    return [affected, await users().count({ n: '*' })];
  });
  await step('soft delete', async () => {
    const where = { email: 'zoe.zq9@example.com' };
    await users()
      .where(where)
      .update({ deleted_at: new Date('2026-03-01T00:00:00Z') });
    const left = await users().whereNull('deleted_at').orderBy('email').pluck('email');
    await users().where(where).update({ deleted_at: null });
    return [left, await users().whereNull('deleted_at').count({ n: '*' })];
  });
  await relations();
  await step('page', async () => [
    (await selected().orderBy('email').limit(2).offset(2)).map(view),
    await users().count({ n: 'email' }).countDistinct({ cities: 'city' }),
  ]);
  await step('keyset', async () => {
    const found = users().where('email', '>', 'bjork.zq9@example.org').orderBy('email').limit(3);
    return await found.pluck('email');
  });
  await transactions();
  await values();
  await step('upsert', async () => {
    const some = [
      person('Grace H.', 'grace.zq9@example.com', { phone: '+1 zq9 22', age: 86 }),
      person('Newton', 'newton.zq9@example.com', { phone: '+44 zq9 7' }),
    ];
    await users().insert(some.map(row)).onConflict(['tenant_id', 'email']).merge();
    await users()
      .insert(row({ ...some[1], name: 'Ignored' }))
      .onConflict()
      .ignore();
    const found = await selected().whereIn('name', ['Grace H.', 'Newton', 'Ignored']).orderBy('name');
    return found.map((user) => ({ ...view(user), id: null }));
  });
}

async function relations() {
  await step('create related', async () => {
    for (const { author, ...post } of posts) {
      const email = people.find(({ name }) => name === author).email;
      const user_id = await users().where({ email }).first('id');
      await knex('posts').insert({ ...post, tenant_id: env.tenant, user_id: user_id.id });
    }
    return await knex('posts').count({ n: '*' });
  });
  await step('eager', async () => {
    const all = await selected().orderBy('email');
    const ids = all.map(({ id }) => id);
    const theirs = await knex('posts').whereIn('user_id', ids).orderBy(['user_id', 'id']);
    return all.map((user) => [
      user.email,
      theirs.filter(({ user_id }) => user_id === user.id).map(({ title, body }) => [title, body]),
    ]);
  });
  await step('lazy', async () => {
    const moth = await knex('posts').where({ title: 'Moth' }).first();
    return view(await selected().where({ id: moth.user_id }).first());
  });
  await step('join', async () => [
    await knex('posts as p')
      .join('users as u', 'u.id', 'p.user_id')
      .where('u.email', 'like', 'ada%')
      .orderBy([{ column: 'u.email' }, { column: 'p.body', order: 'desc' }])
      .select('p.title', 'p.body', 'u.email', 'u.phone'),
    await users()
      .whereExists(knex('posts').whereRaw('posts.user_id = users.id'))
      .orderBy('email')
      .pluck('email'),
    await users().whereNotIn('id', knex('posts').select('user_id')).orderBy('email').pluck('email'),
    await knex
      .with('loud', users().where('age', '>', 50).select('id', 'email'))
      .select('l.email', 'p.title')
      .from('loud as l')
      .leftJoin('posts as p', 'p.user_id', 'l.id')
      .orderBy('l.email'),
    await users()
      .select('email')
      .where('age', '<', 40)
      .union([knex('users').select('email').where('age', '>', 80)])
      .orderBy('email'),
  ]);
  await step('count related', async () =>
    knex('users as u')
      .leftJoin('posts as p', 'p.user_id', 'u.id')
      .groupBy('u.id', 'u.email')
      .orderBy('u.email')
      .select('u.email')
      .count({ n: 'p.id' }),
  );
  await step('aggregates', async () => [
    await users().min({ first: 'email' }).max({ last: 'email' }).countDistinct({ n: 'email' }).first(),
    String((await users().sum({ total: 'age' }).first()).total),
    String((await users().max({ oldest: 'age' }).first()).oldest),
    await users()
      .groupBy('city')
      .havingRaw('COUNT(phone) > ?', [0])
      .orderBy('city')
      .select('city')
      .count({ n: 'phone' }),
    await knex.from((q) => q.from('users').select('email').as('inner_users')).max({ last: 'email' }),
    await users()
      .select('name')
      .rowNumber('place', (q) => q.orderBy('age', 'desc'))
      .orderBy('place'),
  ]);
}

async function transactions() {
  const named = async () => (await selected().where('name', 'like', 'Tx%').orderBy('email')).map(view);
  await step('commit', async () => {
    await knex.transaction(async (trx) => {
      await users(trx).insert(row(person('Tx 1', 'tx1.zq9@example.com')));
      await users(trx).where({ email: 'tx1.zq9@example.com' }).update({ phone: 'zq9 tx' });
    });
    return await named();
  });
  await step('rollback', async () => {
    await undone(() =>
      knex.transaction(async (trx) => {
        await users(trx).insert(row(person('Tx 2', 'tx2.zq9@example.com')));
        await users(trx).where({ name: 'Tx 1' }).update({ phone: 'zq9 gone' });
        throw new Undo();
      }),
    );
    return await named();
  });
  await step('savepoint', async () => {
    await knex.transaction(async (trx) => {
      await users(trx).insert(row(person('Tx 3', 'tx3.zq9@example.com')));
      await undone(() =>
        trx.transaction(async (inner) => {
          await users(inner).insert(row(person('Tx 4', 'tx4.zq9@example.com')));
          throw new Undo();
        }),
      );
      await users(trx).insert(row(person('Tx 5', 'tx5.zq9@example.com')));
    });
    return await named();
  });
  await step('lock', async () =>
    knex.transaction(
      async (trx) => {
        const locked = await selected(trx).where({ email: 'tx1.zq9@example.com' }).forUpdate().first();
        const skipped = await selected(trx).where({ name: 'Tx 3' }).forUpdate().skipLocked();
        await users(trx).where({ id: locked.id }).update({ phone: 'zq9 locked' });
        return [view(await selected(trx).where({ id: locked.id }).first()), skipped.map(view)];
      },
      { isolationLevel: 'repeatable read' },
    ),
  );
}

async function values() {
  await step('NULL and empty', async () => {
    const [id] = await users().insert(row(person('Nil', 'nil.zq9@example.com', { phone: '', bio: '' })));
    const first = view(await selected().where({ id }).first());
    await users()
      .where({ id })
      .update({ phone: null, bio: null, photo: Buffer.alloc(0) });
    return [first, view(await selected().where({ id }).first())];
  });
  await step('emoji', async () => {
    await users().insert(row(person('🚀', 'zq9👩‍👩‍👧‍👦@例え.jp', { bio: 'zq9 🇩🇪🏳️‍🌈' })));
    return [
      view(await selected().where({ email: 'zq9👩‍👩‍👧‍👦@例え.jp' }).first()),
      view(await selected().where('bio', 'like', '%🏳️‍🌈').first()),
    ];
  });
  await step('long text', async () => {
    await users().insert(row(person('Long', 'long.zq9@example.com', { bio: LONG_TEXT })));
    const { bio } = await selected().where({ name: 'Long' }).first();
    return [bio.length, bio === LONG_TEXT];
  });
  await step('bytes', async () => {
    await users().insert(row(person('Bytes', 'bytes.zq9@example.com', { photo: ALL_BYTES })));
    const { photo } = await selected().where({ name: 'Bytes' }).first();
    return [photo.toString('hex'), await users().where({ photo: ALL_BYTES }).count({ n: '*' })];
  });
  await step('duplicate key', async () => [
    await errnoOf(() => users().insert(row(person('Twin', 'ada.zq9@example.com')))),
    await users().where({ name: 'Twin' }).count({ n: '*' }),
  ]);
  await step('raw SQL', async () => {
    const text = 'SELECT u.name, UPPER(u.email) AS shout, CHAR_LENGTH(u.phone) AS n FROM users u';
    const [rows] = await knex.raw(`${text} WHERE u.email = ? OR u.age > ? ORDER BY u.id`, [
      'ada.zq9@example.com',
      70,
    ]);
    return rows;
  });
}

async function other() {
  await step('other tenant', async () => {
    const email = 'ada.zq9@example.com';
    const before = [
      await users().count({ n: '*' }),
      await knex('posts').count({ n: '*' }),
      await selected().where({ email }),
      await selected().where('email', 'like', '%'),
      await users().where({ email }).update({ phone: 'zq9 stolen' }),
      await users().where({ email }).del(),
    ];
    const [user_id] = await users().insert(row(person('Ada 2', email, { phone: 'zq9 other' })));
    await knex('posts').insert({ title: 'Other', body: 'zq9 other', tenant_id: env.tenant, user_id });
    const found = await users()
      .leftJoin('posts', 'posts.user_id', 'users.id')
      .select('name', 'email', 'body');
    return [before, found];
  });
}

async function again() {
  await step('own rows again', async () => [
    await users().orderBy('id').select('name', 'email', 'phone', 'age'),
    await knex('posts').orderBy('id').select('title', 'body'),
  ]);
}

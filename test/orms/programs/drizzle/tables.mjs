import {
  customType,
  datetime,
  foreignKey,
  index,
  int,
  mysqlTable,
  text,
  uniqueIndex,
  varchar,
} from 'drizzle-orm/mysql-core';

// Drizzle has no BLOB of its own: its documentation says to make one so.
const blob = customType({ dataType: () => 'blob' });

const firstColumns = () => ({
  id: int().primaryKey().autoincrement(),
  tenantId: varchar('tenant_id', { length: 64 }).notNull(),
  name: varchar({ length: 100 }).notNull(),
  logins: int().notNull().default(0),
  email: varchar({ length: 191 }),
  phone: varchar({ length: 32 }),
  bio: text(),
  photo: blob(),
  createdAt: datetime('created_at', { fsp: 3 }).notNull(),
  deletedAt: datetime('deleted_at', { fsp: 3 }),
});
const legacy = () => ({ legacy: varchar({ length: 20 }) });

/** The users of the first release. */
export const firstUsersTable = () => mysqlTable('users', { ...firstColumns(), ...legacy() });

/** The users of the last release, or of the one before that still has a column more. */
export const usersTable = (more = () => ({})) =>
  mysqlTable(
    'users',
    { ...firstColumns(), city: varchar({ length: 50 }), age: int(), ...more() },
    (table) => [uniqueIndex('users_tenant_email').on(table.tenantId, table.email)],
  );
export const secondUsersTable = () => usersTable(legacy);

const postsTable = (indexes) => {
  const users = firstUsersTable();
  return mysqlTable(
    'posts',
    {
      id: int().primaryKey().autoincrement(),
      tenantId: varchar('tenant_id', { length: 64 }).notNull(),
      userId: int('user_id').notNull(),
      title: varchar({ length: 200 }).notNull(),
      body: text(),
      likes: int().notNull().default(0),
    },
    (table) => [
      foreignKey({ name: 'posts_user', columns: [table.userId], foreignColumns: [users.id] }).onDelete(
        'cascade',
      ),
      ...indexes(table),
    ],
  );
};
export const firstPosts = () => postsTable(() => []);
export const posts = postsTable((table) => [index('posts_title').on(table.title)]);

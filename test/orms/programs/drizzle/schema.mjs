import { relations } from 'drizzle-orm';
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

export const users = mysqlTable(
  'users',
  {
    id: int().primaryKey().autoincrement(),
    tenantId: varchar('tenant_id', { length: 64 }).notNull(),
    name: varchar({ length: 100 }).notNull(),
    city: varchar({ length: 50 }),
    logins: int().notNull().default(0),
    email: varchar({ length: 191 }),
    phone: varchar({ length: 32 }),
    bio: text(),
    photo: blob(),
    age: int(),
    createdAt: datetime('created_at', { fsp: 3 }).notNull(),
    deletedAt: datetime('deleted_at', { fsp: 3 }),
  },
  (table) => [uniqueIndex('users_tenant_email').on(table.tenantId, table.email)],
);

export const posts = mysqlTable(
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
    index('posts_title').on(table.title),
    foreignKey({ name: 'posts_user', columns: [table.userId], foreignColumns: [users.id] }).onDelete(
      'cascade',
    ),
  ],
);

export const usersRelations = relations(users, ({ many }) => ({ posts: many(posts) }));
export const postsRelations = relations(posts, ({ one }) => ({
  author: one(users, { fields: [posts.userId], references: [users.id] }),
}));

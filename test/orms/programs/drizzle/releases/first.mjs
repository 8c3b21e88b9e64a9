// The schema of the first release: what the first migration is generated from.
import { customType, datetime, foreignKey, int, mysqlTable, text, varchar } from 'drizzle-orm/mysql-core';

const blob = customType({ dataType: () => 'blob' });

export const users = mysqlTable('users', {
  id: int().primaryKey().autoincrement(),
  tenantId: varchar('tenant_id', { length: 64 }).notNull(),
  name: varchar({ length: 100 }).notNull(),
  logins: int().notNull().default(0),
  email: varchar({ length: 191 }),
  phone: varchar({ length: 32 }),
  bio: text(),
  photo: blob(),
  legacy: varchar({ length: 20 }),
  createdAt: datetime('created_at', { fsp: 3 }).notNull(),
  deletedAt: datetime('deleted_at', { fsp: 3 }),
});

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
    foreignKey({ name: 'posts_user', columns: [table.userId], foreignColumns: [users.id] }).onDelete(
      'cascade',
    ),
  ],
);

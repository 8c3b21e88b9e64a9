import { relations } from 'drizzle-orm';
import { posts, usersTable } from './tables.mjs';

export const users = usersTable();
export { posts };

export const usersRelations = relations(users, ({ many }) => ({ posts: many(posts) }));
export const postsRelations = relations(posts, ({ one }) => ({
  author: one(users, { fields: [posts.userId], references: [users.id] }),
}));

import { firstPosts, firstUsersTable } from '../tables.mjs';

export const users = firstUsersTable();
export const posts = firstPosts();

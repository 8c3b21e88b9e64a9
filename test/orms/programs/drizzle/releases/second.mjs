import { posts, secondUsersTable } from '../tables.mjs';

export const users = secondUsersTable();
export { posts };

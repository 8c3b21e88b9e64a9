import { EntitySchema } from 'typeorm';

export const UserSchema = new EntitySchema({
  name: 'User',
  tableName: 'users',
  columns: {
    id: { type: 'int', primary: true, generated: true },
    tenantId: { name: 'tenant_id', type: 'varchar', length: 64 },
    name: { type: 'varchar', length: 100 },
    city: { type: 'varchar', length: 50, nullable: true },
    logins: { type: 'int', default: 0 },
    email: { type: 'varchar', length: 191, nullable: true },
    phone: { type: 'varchar', length: 32, nullable: true },
    bio: { type: 'text', nullable: true },
    photo: { type: 'blob', nullable: true },
    age: { type: 'int', nullable: true },
    createdAt: { name: 'created_at', type: 'datetime', precision: 3 },
    deletedAt: { name: 'deleted_at', type: 'datetime', precision: 3, nullable: true, deleteDate: true },
  },
  relations: {
    posts: { type: 'one-to-many', target: 'Post', inverseSide: 'author' },
  },
  uniques: [{ name: 'users_tenant_email', columns: ['tenantId', 'email'] }],
});

export const PostSchema = new EntitySchema({
  name: 'Post',
  tableName: 'posts',
  columns: {
    id: { type: 'int', primary: true, generated: true },
    tenantId: { name: 'tenant_id', type: 'varchar', length: 64 },
    userId: { name: 'user_id', type: 'int' },
    title: { type: 'varchar', length: 200 },
    body: { type: 'text', nullable: true },
    likes: { type: 'int', default: 0 },
  },
  relations: {
    author: {
      type: 'many-to-one',
      target: 'User',
      inverseSide: 'posts',
      joinColumn: { name: 'user_id', foreignKeyConstraintName: 'posts_user' },
      onDelete: 'CASCADE',
    },
  },
  indices: [{ name: 'posts_title', columns: ['title'] }],
});

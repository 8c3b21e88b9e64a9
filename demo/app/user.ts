import { EntitySchema } from 'typeorm';

/** What the application knows of a user: plain columns, no tenant, no key. */
export interface User {
  id: number;
  username: string;
  email: string | null;
  phone: string | null;
  createdAt: Date;
}

export const UserSchema = new EntitySchema<User>({
  name: 'User',
  tableName: 'users',
  columns: {
    id: { type: Number, primary: true, generated: true },
    username: { type: String, length: 64 },
    email: { type: String, length: 255, nullable: true },
    phone: { type: String, length: 32, nullable: true },
    createdAt: { name: 'created_at', type: 'timestamp', createDate: true },
  },
});

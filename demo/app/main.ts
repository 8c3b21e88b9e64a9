// The application: TypeORM as it comes, plain columns. Nothing in this folder knows of tenantcrypt; the environment
// says where the database is and, in an attribute of the connection, for whom the application works.
import { DataSource, type Logger } from 'typeorm';
import { type User, UserSchema } from './user.js';

/** What the application did and saw, as the JSON line that it prints. */
export interface ApplicationReport {
  readonly users: readonly User[];
  /** found by its e-mail address */
  readonly byEmail: User | null;
  /** answer to a hand-written SQL statement */
  readonly byDomain: readonly { username: string; email: string }[];
  readonly countBefore: number;
  /** what the application gets for the id of another tenant's row; null without such an id */
  readonly strangersRow: User | null;
  readonly statements: readonly { readonly sql: string; readonly parameters: readonly unknown[] }[];
}

const env = (name: string): string => process.env[name] ?? '';

const statements: { sql: string; parameters: readonly unknown[] }[] = [];
const nothing = (): void => undefined;
const logger: Logger = {
  logQuery: (sql, parameters: unknown[] = []) => statements.push({ sql, parameters }),
  logQueryError: nothing,
  logQuerySlow: nothing,
  logSchemaBuild: nothing,
  logMigration: nothing,
  log: nothing,
};

const dataSource = new DataSource({
  type: 'mysql',
  host: env('DB_HOST'),
  port: Number(env('DB_PORT')),
  username: env('DB_USER'),
  password: env('DB_PASSWORD'),
  database: env('DB_NAME'),
  extra: { connectAttributes: { tenant_id: env('TENANT') } },
  entities: [UserSchema],
  logging: ['query'],
  logger,
});
await dataSource.initialize();
try {
  const users = dataSource.getRepository(UserSchema);
  const countBefore = await users.count();
  const people = JSON.parse(env('PEOPLE')) as Pick<User, 'username' | 'email' | 'phone'>[];
  for (const person of people) await users.save(users.create(person));
  const first = people[0];
  if (first === undefined) throw new Error('PEOPLE is empty');
  await users.update({ username: first.username }, { phone: `${first.phone ?? ''}-1` });
  const report: ApplicationReport = {
    countBefore,
    users: await users.find({ order: { id: 'ASC' } }),
    byEmail: await users.findOneBy({ email: first.email ?? '' }),
    byDomain: await dataSource.query(
      'SELECT u.username, u.email FROM users u WHERE u.email LIKE ? ORDER BY u.email DESC',
      ['%@example.com'],
    ),
    strangersRow: await users.findOneBy({ id: Number(env('STRANGERS_ID')) }),
    statements,
  };
  console.log(JSON.stringify(report));
} finally {
  await dataSource.destroy();
}

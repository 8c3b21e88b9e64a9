import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate } from 'drizzle-orm/mysql2/migrator';
import { env, step } from '../common/scenario.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** drizzle-kit as its command line runs it. @returns what it printed */
function kit(command, config) {
  writeFileSync(here('drizzle.config.json'), JSON.stringify({ dialect: 'mysql', ...config }));
  const bin = here('../node_modules/drizzle-kit/bin.cjs');
  try {
    const printed = execFileSync(process.execPath, [bin, command, '--config=drizzle.config.json'], {
      cwd: here('.'),
      encoding: 'utf8',
      stdio: 'pipe',
    });
    if (/Error/.test(printed)) throw new Error(printed);
    return printed;
  } catch (error) {
    throw new Error(`drizzle-kit ${command}: ${error.message} ${error.stdout ?? ''}${error.stderr ?? ''}`);
  }
}

/** Its last lines, without those that show progress. */
const said = (text) =>
  text
    .split('\n')
    .filter((line) => /changes|applied|No schema|error/i.test(line))
    .map((line) => line.replace(/^.*\] /, '').trim());

const dbCredentials = { url: env.url };

/** Migrations are generated from the schemas of three releases, and run one after the other. */
export async function migrations(db) {
  await step('create tables', async () => {
    kit('generate', { schema: './releases/first.mjs', out: './migrations', name: 'first' });
    await migrate(db, { migrationsFolder: here('migrations') });
    return (await db.execute('SHOW TABLES'))[0].map((row) => Object.values(row)[0]).sort();
  });
  // Between columns that go and columns that come it asks which is which, and has to be asked about one at a time.
  await step('change tables', async () => {
    for (const [schema, name] of [
      ['./releases/second.mjs', 'second'],
      ['./schema.mjs', 'third'],
    ]) {
      kit('generate', { schema, out: './migrations', name });
      await migrate(db, { migrationsFolder: here('migrations') });
    }
    const names = readdirSync(here('migrations')).filter((file) => file.endsWith('.sql'));
    return names.map((file) => readFileSync(join(here('migrations'), file), 'utf8'));
  });
  await step('introspect', async () => {
    kit('pull', { dbCredentials, out: './pulled', tablesFilter: ['users', 'posts'] });
    return readFileSync(here('pulled/schema.ts'), 'utf8');
  });
  await step('nothing left to do', async () => {
    const unchanged = said(kit('generate', { schema: './schema.mjs', out: './migrations' }));
    await migrate(db, { migrationsFolder: here('migrations') });
    // push would define MariaDB's primary keys once more.
    if (env.server === 'mariadb') return unchanged;
    const pushed = kit('push', { dbCredentials, schema: './schema.mjs', tablesFilter: ['users', 'posts'] });
    return [unchanged, said(pushed)];
  });
}

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
  return execFileSync(process.execPath, [bin, command, '--config=drizzle.config.json'], {
    cwd: here('.'),
    encoding: 'utf8',
    stdio: 'pipe',
  });
}

/** Its last lines, without those that show progress. */
const said = (text) =>
  text
    .split('\n')
    .filter((line) => /changes|applied|No schema|error/i.test(line))
    .map((line) => line.replace(/^.*\] /, '').trim());

const dbCredentials = { url: env.url };

/** Migrations are generated from the schemas of two releases, and run one after the other. */
export async function migrations(db) {
  await step('create tables', async () => {
    kit('generate', { schema: './releases/first.mjs', out: './migrations', name: 'first' });
    await migrate(db, { migrationsFolder: here('migrations') });
    return (await db.execute('SHOW TABLES'))[0].map((row) => Object.values(row)[0]).sort();
  });
  await step('change tables', async () => {
    kit('generate', { schema: './schema.mjs', out: './migrations', name: 'second' });
    await migrate(db, { migrationsFolder: here('migrations') });
    // generate asks about renamed columns: the rename is a migration of its own, written by hand.
    const names = readdirSync(here('migrations')).filter((name) => name.endsWith('.sql'));
    return names.map((name) => readFileSync(join(here('migrations'), name), 'utf8').split('\n').length);
  });
  await step('introspect', async () => {
    kit('pull', { dbCredentials, out: './pulled', tablesFilter: ['users', 'posts'] });
    return readFileSync(here('pulled/schema.ts'), 'utf8');
  });
  await step('nothing left to do', async () => {
    const push = said(
      kit('push', { dbCredentials, schema: './schema.mjs', tablesFilter: ['users', 'posts'] }),
    );
    await migrate(db, { migrationsFolder: here('migrations') });
    return push;
  });
}

// What the programs in JavaScript share: the environment, the scenario's data, and a JSON line for each step.
import { readFileSync } from 'node:fs';

export const env = {
  host: process.env['DB_HOST'],
  port: Number(process.env['DB_PORT']),
  user: process.env['DB_USER'],
  password: process.env['DB_PASSWORD'],
  database: process.env['DB_NAME'],
  server: process.env['DB_SERVER'],
  url: process.env['DATABASE_URL'],
  tenant: process.env['TENANT'],
};
export const phase = process.argv.at(-1);

const data = JSON.parse(readFileSync(process.env['ORM_DATA'], 'utf8'));

/** People as the models have them: bytes are Buffers and times are Dates. */
export const people = data.people.map((person) => ({
  ...person,
  tenantId: env.tenant,
  photo: person.photo === null ? null : Buffer.from(person.photo, 'hex'),
  createdAt: new Date(person.createdAt),
}));
export const posts = data.posts;

/** A person like those in the data. */
export function person(name, email, more = {}) {
  return {
    tenantId: env.tenant,
    name,
    email,
    city: null,
    phone: null,
    bio: null,
    photo: null,
    age: null,
    createdAt: new Date('2026-02-01T00:00:00.000Z'),
    ...more,
  };
}

export const LONG_TEXT = 'zq9 0123\'4"5\\6\n7é8😀9'.repeat(900);
export const ALL_BYTES = Buffer.concat([
  Buffer.from('zq9'),
  Buffer.from(Array.from({ length: 256 }, (_, i) => i)),
]);

/** What a user looks like in results. */
export function view(user) {
  if (user === null || user === undefined) return null;
  return {
    id: Number(user.id),
    tenant: user.tenantId,
    name: user.name,
    city: user.city,
    logins: user.logins,
    email: user.email,
    phone: user.phone,
    bio: user.bio,
    photo: user.photo === null ? null : Buffer.from(user.photo).toString('hex'),
    age: user.age,
    createdAt: new Date(user.createdAt).toISOString(),
    deleted: user.deletedAt !== null && user.deletedAt !== undefined,
  };
}

const packageVersion = (name) =>
  JSON.parse(readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8')).version;

/** Says which version of the ORM this is, and of its driver. */
export function versions(orm, driver) {
  console.log(
    JSON.stringify({ version: packageVersion(orm), driver: `${driver} ${packageVersion(driver)}` }),
  );
}

/** The MySQL error number in an ORM's error, or in one that caused it. */
export function errno(error) {
  for (let e = error; e !== null && e !== undefined; e = e.cause ?? e.parent ?? e.original ?? e.previous) {
    if (typeof e.errno === 'number') return e.errno;
    if (typeof e.driverError?.errno === 'number') return e.driverError.errno;
  }
  return error.code ?? error.name;
}

/** @returns the error number that the work fails with */
export async function errnoOf(work) {
  try {
    await work();
  } catch (error) {
    return errno(error);
  }
  throw new Error('it did not fail');
}

const bigints = (_, value) => (typeof value === 'bigint' ? Number(value) : value);

export async function step(name, work) {
  try {
    const result = (await work()) ?? null;
    console.log(JSON.stringify({ step: name, result }, bigints));
  } catch (error) {
    const causes = [];
    for (let e = error; e !== null && e !== undefined && causes.length < 5; e = e.cause ?? e.parent) {
      causes.push(`${e.message ?? e}${e.sql === undefined ? '' : ` [${String(e.sql).slice(0, 700)}]`}`);
    }
    console.log(JSON.stringify({ step: name, error: [...new Set(causes)].join(' <- ') }));
  }
}

/** Undoes a transaction from within. */
export class Undo extends Error {}

/** Runs work that ends with `throw new Undo()`. */
export async function undone(work) {
  try {
    await work();
  } catch (error) {
    if (error instanceof Undo) return;
    throw error;
  }
  throw new Error('it was not undone');
}

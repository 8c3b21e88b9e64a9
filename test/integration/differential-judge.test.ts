import type { Connection } from 'mysql2/promise';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Choices, shrink } from '../differential/generator/choices.js';
import { Judge, type Verdict } from '../differential/judge.js';
import { Lane } from '../differential/lane.js';
import { adminConnection } from '../servers/accounts.js';
import { buildMain } from '../support/built-main.js';
import { forEachServer } from '../support/servers.js';

/*
 * The judge of test:differential sees what it is there to see: each case plants on one side what a broken proxy would
 * leave behind.
 */

const PLAIN_READ = 'SELECT id, email FROM users WHERE id = 1';

let built: ReturnType<typeof buildMain>;
beforeAll(() => {
  built = buildMain('differential');
});
afterAll(() => built?.remove());

forEachServer((_name, getServer) => {
  let lane: Lane;
  let judge: Judge;
  let admin: Connection;

  beforeAll(async () => {
    lane = await Lane.open(getServer(), { main: built.main });
    judge = new Judge(lane);
    admin = await adminConnection(getServer());
  });
  afterAll(async () => {
    await admin?.end();
    await lane?.close();
  });

  const play = async (...statements: string[]): Promise<Verdict> =>
    await judge.once({ statements, params: [], anyRows: false }, 'text');

  const aspects = (verdict: Verdict): string[] =>
    verdict.kind === 'different'
      ? [...new Set(verdict.differences.map(({ aspect }) => aspect))]
      : [verdict.kind];

  /** Runs SQL straight on a side's schema, and puts everything back afterwards. */
  async function planted(side: 'plain' | 'guard', sql: string, statement: string): Promise<string[]> {
    await admin.query(`USE \`${lane.databases.schema(side)}\``);
    await admin.query(sql);
    try {
      return aspects(await play(statement));
    } finally {
      await lane.reset();
    }
  }

  it('finds equal what is equal, in either protocol', async () => {
    expect(aspects(await play(PLAIN_READ))).toEqual(['equal']);
    expect(aspects(await play("UPDATE users SET email = 'x' WHERE id = 1"))).toEqual(['equal']);
    const script = { statements: ['SELECT email FROM users WHERE id = ?'], params: [1], anyRows: false };
    expect(aspects(await judge.judge(script, 'prepared'))).toEqual(['equal']);
  });

  it('counts refusals as such', async () => {
    const verdict = await play('UPDATE users SET username = email WHERE id = 1');
    expect(verdict).toMatchObject({ kind: 'refused', code: 'TC_PLAINTEXT_ESCAPE' });
  });

  it('sees other rows', async () => {
    expect(await planted('plain', "UPDATE users SET email = 'planted' WHERE id = 1", PLAIN_READ)).toEqual([
      'rows',
    ]);
  });

  it('sees other contents behind a write that reports the same', async () => {
    const write = 'UPDATE users SET visits = 77 WHERE id = 1';
    expect(await planted('plain', "UPDATE users SET email = 'planted' WHERE id = 2", write)).toEqual([
      'contents',
    ]);
  });

  it('sees plaintext where ciphertext belongs', async () => {
    const write = 'UPDATE users SET visits = 77 WHERE id = 1';
    const found = await planted(
      'guard',
      "UPDATE users SET encrypted_email = 'anna@x.com' WHERE id = 2",
      write,
    );
    expect(found).toContain('plaintext');
  });

  it('sees plaintext of a protected column in one that is not encrypted, on both sides alike', async () => {
    const copy = "INSERT INTO notes (id, text) VALUES (90, 'it is s-chloe')";
    await admin.query(`USE \`${lane.databases.schema('plain')}\``);
    await admin.query(copy);
    expect(await planted('guard', copy, 'UPDATE users SET visits = 77 WHERE id = 1')).toEqual(['plaintext']);
    expect(aspects(await play(copy))).toEqual(['equal']);
  });

  it("sees another tenant's row that has changed", async () => {
    const write = 'UPDATE users SET visits = 77 WHERE id = 1';
    const foreign = "UPDATE users SET visits = visits + 1 WHERE tenant_id = 't-two'";
    expect(aspects(await play(write))).toEqual(['equal']);
    expect(await planted('guard', foreign, write)).toEqual(['foreign']);
  });

  it('sees other error numbers, OK fields and metadata', async () => {
    expect(
      await planted('plain', 'ALTER TABLE orders DROP COLUMN status', 'SELECT status FROM orders'),
    ).toEqual(['kind']);
    expect(await planted('plain', 'DELETE FROM orders WHERE id = 1', 'DELETE FROM orders')).toEqual(['ok']);
    expect(
      await planted('plain', 'ALTER TABLE orders MODIFY status VARCHAR(21)', 'SELECT status FROM orders'),
    ).toEqual(['metadata']);
  });

  it('puts everything back', async () => {
    await lane.ours.query('DROP TABLE orders');
    await lane.plain.query('DROP TABLE notes');
    await lane.reset();
    expect(aspects(await play('SELECT * FROM orders ORDER BY id'))).toEqual(['equal']);
    expect(aspects(await play("INSERT INTO notes (text) VALUES ('x')"))).toEqual(['equal']);
  });
});

it('shrinks decisions to the least that fail', async () => {
  const make = (choices: Choices): number[] =>
    Array.from({ length: choices.below(20) }, () => choices.below(100));
  const first = new Choices(7);
  const numbers = make(first);
  expect(numbers.some((number) => number > 10)).toBe(true);
  const written = await shrink(
    first.made,
    async (next) => make(new Choices(0, next)).some((number) => number > 10),
    2000,
  );
  expect(make(new Choices(0, written))).toEqual([11]);
});

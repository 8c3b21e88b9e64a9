import type { Connection } from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ReadJudge } from '../support/read-judge.js';
import { forEachServer } from '../support/servers.js';

forEachServer((_name, getServer) => {
  let judge: ReadJudge;
  let other: Connection;
  beforeAll(async () => {
    judge = await ReadJudge.open(getServer());
    other = await judge.secondSession();
    await judge.ours.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
    await other.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
  });
  afterAll(async () => {
    await other?.end();
    await judge?.close();
  });
  afterEach(async () => {
    await judge.ours.query('ROLLBACK');
    await other.query('ROLLBACK');
  });

  /** Ids among the first ten users (or orders) that another session can't lock while ours holds what `sql` locks. */
  async function lockedBy(sql: string, table: 'users' | 'orders' = 'users'): Promise<number[]> {
    await judge.ours.query('START TRANSACTION');
    await judge.ours.query(judge.rewrite(sql));
    await other.query('START TRANSACTION');
    const [rows] = await other.query(
      `SELECT id FROM ${table} WHERE id <= 10 ORDER BY id FOR UPDATE SKIP LOCKED`,
    );
    const free = new Set((rows as number[][]).map(([id]) => id));
    return [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].filter((id) => !free.has(id));
  }

  describe('locks exactly the rows that match', () => {
    it.each([
      ['SELECT email FROM users WHERE id = 3 FOR UPDATE', [3]],
      ['SELECT email FROM users u WHERE u.id IN (3, 5) FOR UPDATE', [3, 5]],
      ['SELECT * FROM {db}.users WHERE {db}.users.id = 4 FOR UPDATE', [4]],
      ['SELECT id FROM users WHERE id = 3 LOCK IN SHARE MODE', [3]],
      ['SELECT id FROM users WHERE id = 3 FOR UPDATE NOWAIT', [3]],
      ['SELECT id FROM users WHERE id IN (2, 3) FOR UPDATE SKIP LOCKED', [2, 3]],
      ['SELECT id FROM users WHERE id = 3', []],
      ['SELECT id FROM orders WHERE user_id IN (SELECT id FROM users WHERE id = 3) LOCK IN SHARE MODE', []],
      ['SELECT * FROM (SELECT id FROM users WHERE id = 6 FOR UPDATE) x', [6]],
      ['SELECT * FROM (SELECT id FROM users WHERE id = 6) x FOR UPDATE', []],
      ['(SELECT id FROM users WHERE id = 8) FOR UPDATE', [8]],
      ['((SELECT id FROM users WHERE id = 8)) LIMIT 1 LOCK IN SHARE MODE', [8]],
    ])('%s', async (sql, ids) => {
      expect(await lockedBy(sql)).toEqual(ids);
    });
  });

  it('locks the rows of an unprotected table beside a view', async () => {
    expect(
      await lockedBy(
        'SELECT * FROM orders o JOIN users u ON u.id = o.id WHERE o.id = 5 FOR UPDATE',
        'orders',
      ),
    ).toEqual([5]);
  });

  if (getServer().kind === 'mysql') {
    describe('FOR SHARE and OF', () => {
      it.each([
        ['SELECT id FROM users WHERE id = 3 FOR SHARE', [3]],
        ['SELECT u.id FROM users u JOIN orders o ON o.id = u.id WHERE u.id = 5 FOR UPDATE OF u', [5]],
        ['SELECT u.id FROM users u JOIN orders o ON o.id = u.id WHERE u.id = 5 FOR UPDATE OF o', []],
        ['SELECT u.id FROM users u JOIN orders o ON o.id = u.id WHERE u.id = 5 FOR UPDATE OF u, o', [5]],
        [
          'SELECT u.id FROM users u JOIN orders o ON o.id = u.id WHERE u.id = 5 FOR SHARE OF u FOR UPDATE OF o',
          [5],
        ],
      ])('%s', async (sql, ids) => {
        expect(await lockedBy(sql)).toEqual(ids);
      });

      it('locks the other table alone with OF', async () => {
        const sql = 'SELECT u.id FROM users u JOIN orders o ON o.id = u.id WHERE u.id = 5 FOR UPDATE OF o';
        expect(await lockedBy(sql, 'orders')).toEqual([5]);
      });
    });
  }

  it('refuses a locking clause behind a UNION: it would lock the last block only', () => {
    const sql = 'SELECT id FROM users WHERE id = 1 UNION SELECT id FROM users WHERE id = 2 FOR UPDATE';
    expect(() => judge.rewrite(sql)).toThrow('a locking clause after a set operation');
  });

  it('waits for nobody with NOWAIT: the error is the server’s', async () => {
    await other.query('START TRANSACTION');
    await other.query('SELECT id FROM users WHERE id = 2 FOR UPDATE');
    await judge.ours.query('START TRANSACTION');
    const locking = judge.ours.query(judge.rewrite('SELECT email FROM users WHERE id = 2 FOR UPDATE NOWAIT'));
    await expect(locking).rejects.toMatchObject({ errno: getServer().kind === 'mysql' ? 3572 : 1205 });
  });

  it('skips what others hold with SKIP LOCKED', async () => {
    await other.query('START TRANSACTION');
    await other.query('SELECT id FROM users WHERE id = 2 FOR UPDATE');
    await judge.ours.query('START TRANSACTION');
    const [rows] = await judge.ours.query(
      judge.rewrite('SELECT id FROM users WHERE id <= 3 ORDER BY id FOR UPDATE SKIP LOCKED'),
    );
    expect(rows).toEqual([[1], [3]]);
  });

  it('locks by equality on a protected column through the ciphertext index', async () => {
    const [[row]] = (await judge.plain.query(
      'SELECT id, age FROM users WHERE age = 42 ORDER BY id LIMIT 1',
    )) as unknown as [number[][]];
    await judge.ours.query('START TRANSACTION');
    const [matched] = await judge.ours.query(judge.rewrite('SELECT id FROM users WHERE age = 42 FOR UPDATE'));
    await other.query('START TRANSACTION');
    const [free] = await other.query('SELECT id FROM users WHERE id <= 60 FOR UPDATE SKIP LOCKED');
    const held = 60 - (free as unknown[]).length;
    expect(row).toBeDefined();
    expect(held).toBe((matched as number[][]).filter(([id]) => id! <= 60).length);
  });
});

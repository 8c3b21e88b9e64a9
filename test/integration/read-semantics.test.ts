import { describe, expect, it } from 'vitest';
import { heldOpen } from '../support/held-open.js';
import { expectVerdict } from '../support/read-cases.js';
import { ReadJudge } from '../support/read-judge.js';
import { forEachServer } from '../support/servers.js';

/*
 * The differences between a rewritten statement and the plain one that were found before there was a rewriter, each
 * as a case of its own.
 */

forEachServer((_name, getServer) => {
  const { kind } = getServer();
  const judge = heldOpen(async () => await ReadJudge.open(getServer()));

  async function isEqual(sql: string, tenant?: string): Promise<void> {
    expectVerdict(await judge().judge(sql, tenant), {});
  }

  async function warnings(sql: string): Promise<unknown[]> {
    await judge().ours.query(judge().rewrite(sql));
    const [rows] = await judge().ours.query('SHOW WARNINGS');
    return rows as unknown[];
  }

  async function underSwitch(value: string, work: () => Promise<void>): Promise<void> {
    await judge().ours.query(`SET optimizer_switch = '${value}=off'`);
    try {
      await work();
    } finally {
      await judge().ours.query(`SET optimizer_switch = '${value}=on'`);
    }
  }

  describe('merging of views over expressions', () => {
    it.each([
      "SELECT u.phone FROM users u GROUP BY u.phone HAVING COUNT(*) > 0 AND u.phone > '3'",
      'SELECT u.phone, COUNT(*) FROM users u GROUP BY u.phone HAVING u.phone = (SELECT MAX(a.phone) FROM accounts a)',
      'SELECT u.phone, COUNT(*) FROM users u GROUP BY u.phone HAVING EXISTS (SELECT 1 FROM accounts a WHERE a.phone = u.phone)',
      'SELECT u.phone, u.age, COUNT(*) FROM users u GROUP BY u.phone, u.age WITH ROLLUP',
      "SELECT u.phone FROM users u GROUP BY u.phone WITH ROLLUP HAVING u.phone > '3'",
      "SELECT CONCAT(u.phone, '!') AS p, COUNT(*) FROM users u GROUP BY p WITH ROLLUP",
    ])('loses no rows: %s', async (sql) => {
      await isEqual(sql);
    });

    it('does not decrypt both sides of a join for each pair of rows', async () => {
      const started = performance.now();
      await isEqual(
        'SELECT COUNT(*) FROM users u JOIN users v ON v.email = u.email JOIN users w ON w.email = v.email',
      );
      await isEqual(
        'SELECT COUNT(*) FROM users u WHERE u.email NOT IN (SELECT a.email FROM accounts a WHERE a.email IS NOT NULL)',
      );
      expect(performance.now() - started).toBeLessThan(10_000);
    });

    it('gives the same rows when the session has turned merging off', async () => {
      await underSwitch('derived_merge', async () => {
        await isEqual(
          "SELECT u.email, o.id FROM users u LEFT JOIN orders o ON o.user_id = u.id WHERE u.phone = '+1'",
        );
        await isEqual('SELECT phone, COUNT(*) FROM users GROUP BY phone HAVING COUNT(*) > 3');
      });
    });

    it('gives the same rows without condition pushdown', async () => {
      const name = kind === 'mysql' ? 'derived_condition_pushdown' : 'condition_pushdown_for_derived';
      await underSwitch(name, async () => {
        await isEqual(
          "SELECT u.phone FROM users u WHERE u.id < 40 GROUP BY u.phone HAVING COUNT(*) > 0 AND u.phone > '3'",
        );
      });
    });
  });

  describe('names inside the view', () => {
    it('binds the table to its schema, not to a CTE of its name', async () => {
      await isEqual(
        'WITH users AS (SELECT 1 AS id) SELECT u.email, users.id FROM users JOIN {db}.users u ON u.id = users.id',
      );
    });

    it('raises where a column was dropped, instead of binding to the outer query', async () => {
      await judge().ours.query('CREATE TABLE spare LIKE users');
      const sql = judge()
        .rewrite('SELECT (SELECT MAX(v.email) FROM users v) AS m FROM users u')
        .replace('`users` AS `v`', '`spare` AS `v`');
      await judge().ours.query(sql);
      await judge().ours.query('ALTER TABLE spare DROP COLUMN encrypted_email');
      await expect(judge().ours.query(sql)).rejects.toMatchObject({ errno: 1054 });
      await judge().ours.query('DROP TABLE spare');
    });

    it('refuses two tables of one name without aliases', async () => {
      expect(() => judge().rewrite('SELECT 1 FROM users, other.users')).toThrow('two tables of one name');
    });

    it('lets LOCK TABLES name the table under the statement’s alias', async () => {
      await judge().ours.query('LOCK TABLES users AS u READ');
      try {
        const [rows] = await judge().ours.query(
          judge().rewrite('SELECT u.id FROM users AS u WHERE u.id = 1'),
        );
        expect(rows).toEqual([[1]]);
      } finally {
        await judge().ours.query('UNLOCK TABLES');
      }
    });
  });

  describe('the tenant', () => {
    it('is compared exactly: the column’s collation lets t1 match T1', async () => {
      const [all] = await judge().ours.query("SELECT COUNT(*) FROM users WHERE tenant_id = 't1'");
      const [own] = await judge().ours.query(judge().rewrite('SELECT COUNT(*) FROM users'));
      const [plain] = await judge().plain.query('SELECT COUNT(*) FROM users');
      expect(own).toEqual(plain);
      expect(Number((all as number[][])[0]![0])).toBeGreaterThan(Number((own as number[][])[0]![0]));
    });

    it('has no rows under a name with trailing spaces', async () => {
      const [rows] = await judge().ours.query(judge().rewrite('SELECT COUNT(*) FROM users', 't1 '));
      expect((rows as unknown[][]).flat().map(Number)).toEqual([0]);
    });

    it.each(['01', '7abc', '7e0', ' 7', '7.0', ''])('is refused as an integer when written %j', (tenant) => {
      expect(() => judge().rewrite('SELECT * FROM `Mixed Case`', tenant)).toThrow('integer');
    });

    it('as an integer finds its rows', async () => {
      await isEqual('SELECT * FROM `Mixed Case`', '7');
    });

    it('is part of the view, so that outer joins keep their rows', async () => {
      await isEqual('SELECT o.id, u.id FROM orders o LEFT JOIN users u ON u.id = o.user_id');
      await isEqual('SELECT COUNT(*) FROM orders o LEFT JOIN users u ON u.id = o.user_id WHERE u.id IS NULL');
    });

    it.each([
      'SELECT email, nick, title, age FROM users',
      "SELECT id FROM users WHERE email LIKE '%x%' OR title = 'anna' OR age > 5",
      'SELECT COUNT(DISTINCT email), MAX(nick) FROM users GROUP BY phone HAVING MAX(age) > 1',
    ])('alone is decrypted: no warning about other tenants’ rows: %s', async (sql) => {
      expect(await warnings(sql)).toEqual([]);
    });
  });

  it('needs no warning for the key, which is folded to the cipher’s size', async () => {
    expect(await warnings('SELECT token FROM users WHERE id = 1')).toEqual([]);
  });

  it('names invisible columns only where the statement does', async () => {
    await isEqual('SELECT * FROM hidden');
    await isEqual('SELECT veiled FROM hidden');
    expect(judge().rewrite('SELECT visible FROM hidden')).not.toContain('veiled');
  });

  it('refuses FOR SYSTEM_TIME', () => {
    if (kind === 'mariadb') {
      expect(() => judge().rewrite('SELECT 1 FROM users FOR SYSTEM_TIME ALL')).toThrow('FOR SYSTEM_TIME');
    }
  });

  describe('collations', () => {
    it.each(['phone', 'nick', 'title', 'email', 'token', 'bio'])(
      'of %s, and its coercibility, are the plain column’s',
      async (column) => {
        await isEqual(
          `SELECT COLLATION(${column}), COERCIBILITY(${column}), CHARSET(${column}) FROM users WHERE id = 1`,
        );
      },
    );

    it('never let ciphertext decide where they pad or fold', () => {
      for (const column of ['nick', 'title', 'email']) {
        expect(judge().rewrite(`SELECT id FROM users WHERE ${column} = 'anna'`)).not.toContain('AES_ENCRYPT');
      }
      for (const comparison of ["phone = 'a'", 'age = 30', "token = 'a'"]) {
        expect(judge().rewrite(`SELECT id FROM users WHERE ${comparison}`)).toContain('AES_ENCRYPT');
      }
    });
  });
});

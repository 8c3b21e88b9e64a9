import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { KEYS, rowsOf, startTestProxy, type TestProxy } from '../support/proxy.js';
import { runClient } from '../support/run-client.js';
import { forEachServer } from '../support/servers.js';

const python = inject('python');

const SCRIPT = `
import json, sys, pymysql
o = json.loads(sys.argv[1])
def connect(tenant):
    return pymysql.connect(host='127.0.0.1', port=o['port'], user=o['user'], password=o['password'],
        database=o['database'], charset='utf8mb4', program_name=tenant, autocommit=True)
out = {}
one, two = connect('tenant-001'), connect('tenant-002')
a, b = one.cursor(), two.cursor()
a.execute("INSERT INTO users (username, email, phone) VALUES (%s, %s, %s)", ('alice', 'alice@example.com', '1'))
out['insertid'] = a.lastrowid > 0
out['many'] = a.executemany("INSERT INTO users (username, email, phone) VALUES (%s, %s, %s)",
    [('u%d' % i, '😀%d@example.com' % i, None) for i in range(50)])
b.execute("INSERT INTO users (username, email) VALUES ('alice', 'other@example.com')")
a.execute("SELECT email, phone FROM users WHERE username IN ('alice', 'u7') ORDER BY id"); out['select'] = a.fetchall()
a.execute("SELECT username FROM users WHERE email = %s", ('😀9@example.com',)); out['equal'] = a.fetchall()
a.execute("SELECT COUNT(*) FROM users"); out['count1'] = a.fetchone()[0]
b.execute("SELECT COUNT(*) FROM users"); out['count2'] = b.fetchone()[0]
out['updated'] = a.execute("UPDATE users SET email = %s WHERE email = %s", ("o'neil\\\\@example.com", 'alice@example.com'))
a.execute("SELECT email FROM users WHERE username = 'alice'"); out['quoted'] = a.fetchone()[0]
out['upsert'] = a.execute("INSERT INTO users (username, email) VALUES ('alice', %s) ON DUPLICATE KEY UPDATE email = VALUES(email)", ('up@example.com',))
one.begin(); a.execute("DELETE FROM users"); one.rollback()
a.execute("SELECT COUNT(*) FROM users"); out['rolledback'] = a.fetchone()[0]
try:
    a.execute("CREATE TABLE stolen AS SELECT email FROM users")
except pymysql.err.MySQLError as e:
    out['refused'] = [e.args[0], e.args[1].split(':')[0], type(e).__name__]
long = 'x' * 60000
a.execute("UPDATE users SET bio = %s WHERE username = 'u1'", (long,))
a.execute("SELECT bio FROM users WHERE username = 'u1'"); out['long'] = a.fetchone()[0] == long
s = one.cursor(pymysql.cursors.SSCursor)
s.execute("SELECT email FROM users ORDER BY id"); out['streamed'] = len(s.fetchall())
one.close()
one = connect('tenant-001'); a = one.cursor()
a.execute("SELECT email FROM users WHERE username = 'alice'"); out['again'] = a.fetchone()[0]
one.ping()
out['deleted'] = a.execute("DELETE FROM users WHERE email = %s", ('up@example.com',))
print(json.dumps(out))
`;

if (python === null) {
  // The run's setup has said in one line why there is no Python environment.
  describe.todo('PyMySQL through the proxy');
} else {
  forEachServer((_name, getServer) => {
    let proxy: TestProxy;

    beforeAll(async () => {
      proxy = await startTestProxy(getServer(), {
        label: 'py',
        // PyMySQL lets an application set this attribute alone.
        sources: [{ connectionAttribute: 'program_name' }],
      });
    });
    afterAll(async () => await proxy?.stop());

    it('writes and reads through PyMySQL, the tenant in program_name', async () => {
      const { port, user, password, database } = proxy;
      const run = await runClient(
        [python],
        ['-c', SCRIPT, JSON.stringify({ port, user, password, database })],
      );
      expect(run.stderr).toBe('');
      expect(JSON.parse(run.stdout)).toEqual({
        insertid: true,
        many: 50,
        select: [
          ['alice@example.com', '1'],
          ['😀7@example.com', null],
        ],
        equal: [['u9']],
        count1: 51,
        count2: 1,
        updated: 1,
        quoted: "o'neil\\@example.com",
        upsert: 2,
        rolledback: 51,
        refused: [expect.any(Number), expect.stringMatching(/^tenantcrypt\[TC_/), expect.any(String)],
        long: true,
        streamed: 51,
        again: 'up@example.com',
        deleted: 1,
      });
      const [stored] = await rowsOf(
        proxy.admin,
        `SELECT COUNT(*) AS n, SUM(AES_DECRYPT(encrypted_email, ?) LIKE '%@example.com') AS one,
          SUM(AES_DECRYPT(encrypted_email, ?) = 'other@example.com') AS two FROM users`,
        [KEYS['tenant-001'], KEYS['tenant-002']],
      );
      expect(stored).toEqual({ n: 51, one: '50', two: '1' });
    });
  });
}

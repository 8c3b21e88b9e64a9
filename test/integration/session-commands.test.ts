import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RowDataPacket } from 'mysql2/promise';
import { expect, it } from 'vitest';
import { tempFolder } from '../servers/temp-folder.js';
import { forEachServer } from '../support/servers.js';
import { sessionStage } from '../support/session-stage.js';

/* What an application may do to its session beside statements, with protected tables configured. */

forEachServer((name, getServer) => {
  const stage = sessionStage(getServer, { label: 'cmd', asRoot: true, proxy: { localInfile: true } });

  async function printed(script: string, options = ''): Promise<string[]> {
    const helpers = `
q = c.cursor()
def ask(sql):
  q.execute(sql)
  return q.fetchall()
def error(call, *args):
  try: call(*args)
  except pymysql.MySQLError as e: return e.args[0], e.args[1]
  return 'no error'
`;
    return await stage.printed(helpers + script, `autocommit=True, ${options}`);
  }

  it(`${name}: lets a client choose what the server reports, and goes on following sql_mode itself`, async () => {
    expect(
      await printed(`
q.execute("INSERT INTO users (username, email) VALUES ('ann', 'ann@x')")
q.execute("SET SESSION session_track_system_variables = 'time_zone'")
q.execute("SET SESSION sql_mode = 'ANSI_QUOTES'")
print(ask('SELECT "email" FROM "users" WHERE username = \\'ann\\''))
q.execute("SET SESSION session_track_system_variables = '', sql_mode = ''")
print(ask('SELECT "email", email FROM users'))
`),
    ).toEqual(["(('ann@x',),)", "(('email', 'ann@x'),)"]);
  });

  it(`${name}: leaves a statement's warnings alone after DDL, and reads the schema before the next protected one`, async () => {
    expect(
      await printed(`
q.execute('CREATE TABLE IF NOT EXISTS notes (a INT DEFAULT 1 COMMENT "@")')
q.execute('CREATE TABLE IF NOT EXISTS notes (a INT DEFAULT 1 COMMENT "@")')
print(ask('SHOW WARNINGS')[0][1])
print(ask('SELECT COUNT(*) FROM users'))
`),
    ).toEqual(['1050', expect.stringMatching(/^\(\(\d,\),\)$/)]);
  });

  it(`${name}: relays the file that LOAD DATA LOCAL asks for`, async () => {
    const file = join(tempFolder('inf'), 'rows.csv');
    const lines = Array.from({ length: 20_000 }, (_, i) => `${i},${'x'.repeat(40)}\n`);
    writeFileSync(file, lines.join(''));
    expect(
      await printed(
        `
q.execute('CREATE TABLE loaded (id INT, v VARCHAR(50))')
print(q.execute("LOAD DATA LOCAL INFILE '${file}' INTO TABLE loaded FIELDS TERMINATED BY ','"))
print(ask('SELECT COUNT(*), MAX(id), MIN(LENGTH(v)) FROM loaded'))
print(q.execute("LOAD XML LOCAL INFILE '${file}' INTO TABLE loaded CHARACTER SET latin1 ROWS IDENTIFIED BY '<users>' SET v = 'x'"))
print(error(q.execute, "LOAD XML LOCAL INFILE '${file}' INTO TABLE users"))
`,
        'local_infile=True',
      ),
    ).toEqual(['20000', '((20000, 19999, 40),)', '0', expect.stringContaining('TC_UNSUPPORTED_SQL')]);
  });

  it(`${name}: after a COM_CHANGE_USER that was refused the session is where the server leaves it`, async () => {
    const isMariadb = getServer().kind === 'mariadb';
    expect(
      await printed(`
def change(user):
  body = b'\\x11' + user.encode() + b'\\x00\\x00' + b'${stage.database}\\x00' + (45).to_bytes(2, 'little') + b'mysql_native_password\\x00\\x00'
  c._sock.sendall(len(body).to_bytes(3, 'little') + b'\\x00' + body); c._next_seq_id = 1
  if c._read_packet().get_all_data()[0] == 0xfe:
    c._sock.sendall((20).to_bytes(3, 'little') + bytes([c._next_seq_id]) + bytes(20)); c._next_seq_id += 1
    c._read_packet()
print(error(change, 'nobody')[0])
try: print(len(ask("SELECT email FROM users WHERE username = 'ann'")))
except pymysql.MySQLError as e: print('gone')
`),
    ).toEqual(['1045', isMariadb ? '1' : 'gone']);
    const [rows] = await stage.admin.query<RowDataPacket[]>('SELECT tenant_id FROM users');
    expect(rows.map((row) => row['tenant_id'])).toEqual(['t1']);
  });
});

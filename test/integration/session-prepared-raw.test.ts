import { beforeAll, expect, it } from 'vitest';
import { preparedByHand, printedBy, pymysqlConnection, pythonCommand, runPython } from '../support/python.js';
import { forEachServer } from '../support/servers.js';
import { sessionStage } from '../support/session-stage.js';
import { StepClient } from '../support/step-client.js';

/*
 * The prepared-statement commands byte by byte, as drivers other than mysql2 send them: types sent once only, long
 * data, cursors, MariaDB's id -1.
 */

const HEAD = `${preparedByHand()}
def s(text): return bytes([len(text)]) + text.encode()
def execute(id, values, types=True, flags=0, nulls=0):
  body = b'\\x17' + struct.pack('<IBI', id, flags, 1)
  if values is not None:
    body += bytes([nulls]) + (b'\\x01' + b'\\xfd\\x00' * len(values) if types else b'\\x00')
    body += b''.join(s(v) for v in values if v is not None)
  return body
def rows():
  c._next_seq_id = 1
  first = packet()
  if first[0] == 0: return 'ok'
  for _ in range(first[0]): packet()
  status = struct.unpack('<H', packet()[3:5])[0]
  if status & 0x40: return 'cursor'
  return fetched()
def fetched():
  found = []
  while True:
    row = packet()
    if row[0] == 0xfe and len(row) < 9: return found
    found.append(row[2:].decode('latin1')[1:])
`;

forEachServer((name, getServer) => {
  const stage = sessionStage(getServer, { label: 'prep', asRoot: true });
  const connected = (script: string): string => HEAD + pymysqlConnection(stage.target()) + script;
  const printed = async (script: string): Promise<string[]> => await printedBy(connected(script));
  const stepwise = (script: string): StepClient => new StepClient(...pythonCommand(connected(script)));

  beforeAll(async () => {
    const insert = "INSERT INTO users (username, email) VALUES ('ann', 'a@x'), ('ben', 'b@x')";
    await printed(`c.query("${insert}"); c.commit()`);
  });

  it('shows the client its own parameters and remembers types that are sent once', async () => {
    expect(
      await printed(`
id, params, columns = prepare('SELECT username FROM users WHERE email = ? OR email = ?')
print(params, columns)
send(execute(id, ['a@x', 'b@x'])); print(sorted(rows()))
send(execute(id, ['b@x', 'none'], types=False)); print(rows())
`),
    ).toEqual(['2 1', "['ann', 'ben']", "['ben']"]);
  });

  it('gives each row of a prepared INSERT parameters of its own', async () => {
    expect(
      await printed(`
id, params, columns = prepare('INSERT INTO users (username, email) VALUES (?, ?), (?, ?), (?, ?)')
c._next_seq_id = 1
print(params, columns)
body = b'\\x17' + struct.pack('<IBI', id, 0, 1) + b'\\x20\\x01' + b'\\xfd\\x00' * 6
send(body + b''.join(s(v) for v in ['r1', 'r1@x', 'r2', 'r2@x', 'r3'])); print(rows())
c.query("SELECT username, email FROM users WHERE username LIKE 'r_' ORDER BY id"); print(c._result.rows)
c.query("DELETE FROM users WHERE username LIKE 'r_'")
`),
    ).toEqual(['6 0', 'ok', "(('r1', 'r1@x'), ('r2', 'r2@x'), ('r3', None))"]);
  });

  it('takes long data, forgets it at a reset', async () => {
    expect(
      await printed(`
id, params, columns = prepare('SELECT username FROM users WHERE email = ?')
long = lambda data: b'\\x18' + struct.pack('<IH', id, 0) + data
send(long(b'b'), long(b'@x'), execute(id, ['']) [:-1]); print(rows())
send(long(b'nonsense'), b'\\x1a' + struct.pack('<I', id))
c._next_seq_id = 1; print(packet()[0])
send(execute(id, ['a@x'])); print(rows())
`),
    ).toEqual(["['ben']", '0', "['ann']"]);
  });

  it('drops the long data of an execution that was refused, as the server does', async () => {
    const { keys } = stage.protection.provider;
    const key = keys.get('t1');
    if (key === undefined) throw new Error('no key to take away');
    const client = stepwise(`
id, params, columns = prepare('SELECT username FROM users WHERE email = ?')
long = lambda data: b'\\x18' + struct.pack('<IH', id, 0) + data
print('ready', flush=True); input()
send(long(b'a@'), execute(id, ['']) [:-1]); c._next_seq_id = 1
try: print(packet()[0])
except Exception as e: print('refused', flush=True)
input()
send(long(b'b'), long(b'@x'), execute(id, ['']) [:-1]); print(rows())
`);
    expect(await client.line()).toBe('ready');
    keys.delete('t1');
    stage.protection.cache.invalidate('t1');
    client.go();
    expect(await client.line()).toBe('refused');
    keys.set('t1', key);
    stage.protection.cache.invalidate('t1');
    client.go();
    expect(await client.line()).toBe("['ben']");
    expect(await client.end()).toBe('');
  });

  it('fetches from a cursor', async () => {
    expect(
      await printed(`
id, params, columns = prepare('SELECT username FROM users WHERE email <> ? ORDER BY username')
send(execute(id, ['zz'], flags=1)); print(rows())
fetch = b'\\x1c' + struct.pack('<II', id, 1)
send(fetch); c._next_seq_id = 1; print(fetched())
send(fetch); c._next_seq_id = 1; print(fetched())
send(b'\\x19' + struct.pack('<I', id), b'\\x03SELECT 5'); c._next_seq_id = 1
c._read_query_result(); print(c._result.rows)
`),
    ).toEqual(['cursor', "['ann']", "['ben']", '((5,),)']);
  });

  it.runIf(name.startsWith('mariadb'))('takes the id -1 for what the client prepared last', async () => {
    expect(
      await printed(`
c._next_seq_id = 0
send(b'\\x16' + b"SELECT username FROM users WHERE email = ?", execute(0xffffffff, ['b@x'])); c._next_seq_id = 1
packet()
for _ in range(4): packet()
print(rows())
`),
    ).toEqual(["['ben']"]);
  });

  it.runIf(name.startsWith('mariadb'))(
    'runs no older statement for the id -1 behind a PREPARE that failed',
    async () => {
      expect(
        await printed(`
id, params, columns = prepare("UPDATE users SET phone = ? WHERE username = 'ann'")
def error():
  try: return packet()[0]
  except Exception as e: return e.args[0]
for text in (b'SELECT nothing FROM users WHERE email = ?', b'SELECT email FROM users INTO OUTFILE ?', b'SELECT nothing = ?'):
  c._next_seq_id = 0
  send(b'\\x16' + text, execute(0xffffffff, ['gone']))
  c._next_seq_id = 1; first = error(); c._next_seq_id = 1; print(first, error())
c.query('SELECT COUNT(*) FROM users WHERE phone IS NOT NULL'); print(c._result.rows)
`),
      ).toEqual(['1054 1243', expect.stringMatching(/^\d+ 1243$/), '1054 1243', '((0,),)']);
    },
  );

  it('prepares again when the schema has changed', async () => {
    const client = stepwise(`
id, params, columns = prepare('SELECT username FROM users WHERE email = ?')
send(execute(id, ['a@x'])); found = rows()
c.commit(); print(found, flush=True); input()
send(execute(id, ['b@x'])); print(rows())
send(execute(id, ['a@x'], types=False)); print(rows())
`);
    expect(await client.line()).toBe("['ann']");
    await stage.admin.query('ALTER TABLE users ADD COLUMN later INT');
    const before = stage.protection.rewriter.stats.misses;
    expect((await runPython(connected("c.query('SELECT later FROM users')"))).stderr).toContain('1054');
    expect((await runPython(connected("c.query('SELECT later FROM users')"))).stderr).toBe('');
    client.go();
    expect(await client.line()).toBe("['ben']");
    expect(await client.line()).toBe("['ann']");
    expect(await client.end()).toBe('');
    expect(stage.protection.rewriter.stats.misses).toBeGreaterThan(before);
  });

  it('refuses parameters that do not fit, and goes on', async () => {
    expect(
      await printed(`
id, params, columns = prepare('INSERT INTO users (username, phone, tenant_id) VALUES (?, ?, ?)')
def attempt(values):
  send(execute(id, values)); c._next_seq_id = 1
  try: return packet()[0]
  except Exception as e: return e.args[0]
print(attempt(['x', 'y' * 33, 't1']))
print(attempt(['x', 'y', 't2']))
print(attempt(['x', 'y', 't1']))
`),
    ).toEqual(['1406', '1227', '0']);
  });
});

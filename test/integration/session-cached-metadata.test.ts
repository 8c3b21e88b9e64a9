import { describe, expect, inject, it } from 'vitest';
import { MariadbFlag, preparedByHand, printedBy, pymysqlConnect } from '../support/python.js';
import { sessionStage, type Where } from '../support/session-stage.js';

/* MariaDB sends a prepared statement's definitions once; PyMySQL is made to announce that it keeps them. */

const HEAD = `${preparedByHand(MariadbFlag.cacheMetadata)}
def execute(id):
  send(b'\\x17' + struct.pack('<IBI', id, 0, 1))
  try: first = packet()
  except pymysql.MySQLError as error: return error.args[1]
  while packet()[0] != 0xfe: pass
  row = packet()
  while packet()[0] != 0xfe: pass
  return 'definitions' if first[1] else 'none', row[2:].split(b'@')[0][-3:].decode()
`;

const server = inject('mariadb');

describe('cached metadata', () => {
  const stage = sessionStage(() => server, { label: 'meta', asRoot: true, protect: { maxAgeSeconds: 0 } });

  it('serves a protected table, and refuses a statement whose columns have changed since', async () => {
    const connect = (where: Where): string => pymysqlConnect(stage.target(where), 'autocommit=True');
    const script = `
c = ${connect('proxy')}
c.query("INSERT INTO users (username, email) VALUES ('u', 'ann@x')")
some, *_ = prepare('SELECT email FROM users')
all, *_ = prepare('SELECT email, users.* FROM users')
print(execute(some)); print(execute(some))
${connect('straight')}.query('ALTER TABLE users ADD COLUMN extra INT')
${connect('proxy')}.close()
print(execute(some)); print(execute(all))
`;
    expect(await printedBy(HEAD + script)).toEqual([
      "('none', 'ann')",
      "('none', 'ann')",
      "('none', 'ann')",
      expect.stringContaining('TC_SCHEMA'),
    ]);
  });
});

/*
 * Captures responses of a real server as fixtures for test/protocol/captured.test.ts. Speaks just enough of the protocol
 * itself, with plain byte arrays, to log in as a user with an empty password.
 *
 *   TC_CAPTURE_SOCKET=… TC_CAPTURE_NAME=mysql-9.7.4 npx vitest run --project unit test/protocol/captured.test.ts
 */
import { connect, type Socket } from 'node:net';
import { int, nul, packet, text } from './wire.js';

export interface CapturedResponse {
  readonly name: string;
  readonly kind: string;
  /** Everything that the server sent, in hex. */
  readonly hex: string;
}

export interface Capture {
  readonly server: string;
  /** Capability flags of the session. */
  readonly flags: number;
  readonly responses: readonly CapturedResponse[];
}

/** PROTOCOL_41, SECURE_CONNECTION, CONNECT_WITH_DB, LOCAL_FILES, multi statements and results, PLUGIN_AUTH. */
const BASE = 0x0000_0001 | 0x0008 | 0x0080 | 0x0200 | 0x8000 | 0x1_0000 | 0x2_0000 | 0x4_0000 | 0x8_0000;

/** A response is over when the server has been silent for so long. */
const SILENCE_MS = 150;

type Step = readonly [name: string, kind: string, ...packets: (readonly number[])[]];

function steps(): Step[] {
  const query = (sql: string): number[] => [0x03, ...text(sql)];
  const prepare = (sql: string): number[] => [0x16, ...text(sql)];
  const execute = (flags: number, ...parameters: number[]): number[] => [
    0x17,
    ...int(4, 1),
    flags,
    ...int(4, 1),
    ...parameters,
  ];
  return [
    ['track system variables', 'result', query("SET session_track_system_variables = '*'")],
    ['create', 'result', query('CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20) DEFAULT "x")')],
    ['insert', 'result', query("INSERT INTO t VALUES (1, NULL), (2, ''), (3, 'three')")],
    ['update', 'result', query("UPDATE t SET v = 'y' WHERE id > 1")],
    ['select', 'result', query('SELECT * FROM t ORDER BY id')],
    ['select nothing', 'result', query('SELECT * FROM t WHERE id < 0')],
    ['error', 'result', query('SELECT nothing FROM t')],
    ['error after rows', 'result', query('SELECT id, IF(id < 3, 1, (SELECT id FROM t)) FROM t ORDER BY id')],
    ['several statements', 'result', query('SELECT 1; DO 1; SELECT id, v FROM t; UPDATE t SET v = "z"')],
    ['several statements, the last wrong', 'result', query('SELECT 1; SELECT nope')],
    ['use', 'result', query('USE captured')],
    ['set', 'result', query("SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'")],
    ['transaction', 'result', query('BEGIN')],
    ['commit', 'result', query('COMMIT')],
    [
      'procedure',
      'result',
      query('CREATE PROCEDURE p(OUT o INT) BEGIN SELECT 1 AS a; SELECT 2 AS b, 3 AS c; SET o = 7; END'),
    ],
    ['call', 'result', query('CALL p(@o)')],
    ['local infile', 'result', query("LOAD DATA LOCAL INFILE 'f' INTO TABLE t"), text('8\ta\n9\tb\n'), []],
    ['init db', 'ok', [0x02, ...text('captured')]],
    ['init db that is none', 'ok', [0x02, ...text('nope')]],
    ['ping', 'ok', [0x0e]],
    ['statistics', 'string', [0x09]],
    ['field list', 'fields', [0x04, ...nul('t')]],
    ['field list of no table', 'fields', [0x04, ...nul('nope')]],
    ['set option', 'eof-or-ok', [0x1b, 0, 0]],
    ['prepare', 'prepare', prepare('SELECT id, v FROM t WHERE id > ? ORDER BY id')],
    ['execute', 'result', execute(0, 0, 1, 3, 0, ...int(4, 0))],
    ['execute with a cursor', 'cursor', execute(1, 0, 1, 3, 0, ...int(4, 0))],
    ['fetch', 'rows', [0x1c, ...int(4, 1), ...int(4, 2)]],
    ['fetch the rest', 'rows', [0x1c, ...int(4, 1), ...int(4, 100)]],
    ['reset statement', 'ok', [0x1a, ...int(4, 1)]],
    ['prepare without columns', 'prepare', prepare('DO ?')],
    ['prepare with nothing', 'prepare', prepare('DO 1')],
    ['prepare with columns only', 'prepare', prepare('SELECT id, v FROM t')],
    ['prepare wrong', 'prepare', prepare('SELECT FROM')],
    ['prepare a call', 'prepare', prepare('CALL p(?)')],
    ['reset connection', 'ok', [0x1f]],
  ];
}

class Wire {
  readonly #socket: Socket;
  #received: Buffer[] = [];

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#received.push(chunk));
  }

  send(sequenceId: number, payload: readonly number[]): void {
    this.#socket.write(Buffer.from(packet(sequenceId, payload)));
  }

  /** What arrived until the server fell silent. */
  async take(): Promise<Buffer> {
    for (let size = -1; ; ) {
      await new Promise((resolve) => setTimeout(resolve, SILENCE_MS));
      const now = this.#received.reduce((sum, chunk) => sum + chunk.length, 0);
      if (now > 0 && now === size) break;
      size = now;
    }
    const all = Buffer.concat(this.#received);
    this.#received = [];
    return all;
  }
}

/** Runs the commands above with `extraFlags` (DEPRECATE_EOF, SESSION_TRACK) and records what comes back. */
export async function captureResponses(path: string, server: string, extraFlags: number): Promise<Capture> {
  const flags = (BASE | extraFlags) >>> 0;
  const socket = connect(path);
  const wire = new Wire(socket);
  await wire.take();
  const responses: CapturedResponse[] = [];
  const native = server.startsWith('mariadb') ? 'mysql_native_password' : 'caching_sha2_password';
  wire.send(1, [
    ...int(4, flags),
    ...int(4, 0x100_0000),
    45,
    ...int(23, 0),
    ...nul('root'),
    0,
    ...nul('mysql'),
    ...nul(native),
  ]);
  await wire.take();
  for (const sql of ['DROP DATABASE IF EXISTS captured', 'CREATE DATABASE captured', 'USE captured']) {
    wire.send(0, [0x03, ...text(sql)]);
    await wire.take();
  }
  let statementId: number[] = [];
  for (const [name, kind, command = [], ...more] of steps()) {
    // MariaDB numbers statements server-wide: the id that stands in the steps is a place holder.
    const named = [0x17, 0x1a, 0x1c].includes(command[0] ?? 0);
    wire.send(0, named ? [...command.slice(0, 1), ...statementId, ...command.slice(5)] : command);
    const parts = [await wire.take()];
    if (name === 'prepare') statementId = [...(parts[0] ?? [])].slice(5, 9);
    if (more.length > 0) {
      more.forEach((payload, i) => {
        wire.send(2 + i, payload);
      });
      parts.push(await wire.take());
    }
    responses.push({ name, kind, hex: Buffer.concat(parts).toString('hex') });
  }
  socket.end();
  return { server, flags, responses };
}

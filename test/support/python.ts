import { expect, inject } from 'vitest';
import { type ClientRun, runClient } from './run-client.js';

/** Where a connection goes, and as whom. */
export interface ConnectTarget {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** The interpreter that has PyMySQL, and what it takes to run a script. */
export function pythonCommand(script: string): readonly [readonly [string], readonly string[]] {
  return [[inject('python') ?? ''], ['-c', script]];
}

export async function runPython(script: string): Promise<ClientRun> {
  return await runClient(...pythonCommand(script));
}

/** The lines that a script prints, which must say nothing on standard error. */
export async function printedBy(script: string): Promise<string[]> {
  const run = await runPython(script);
  expect(run.stderr).toBe('');
  return run.stdout.trimEnd().split('\n');
}

/** pymysql.connect(…). @param options further arguments, e.g. `local_infile=True` */
export function pymysqlConnect(to: ConnectTarget, options = ''): string {
  const { port, user, password, database } = to;
  return `pymysql.connect(host='127.0.0.1', port=${port}, user='${user}', password='${password}', database='${database}', ${options})`;
}

/** The head of a script in which `c` is a connection. */
export function pymysqlConnection(to: ConnectTarget, options?: string): string {
  return `
import pymysql
c = ${pymysqlConnect(to, options)}
`;
}

/** Of MariaDB's extended client capabilities, those of bits 34 and 36. */
export const MariadbFlag = { bulkOperations: 0x4, cacheMetadata: 0x10 } as const;

/**
 * The head of a script that speaks of prepared statements by hand, over a connection `c`: send(*payloads), packet(),
 * prepare(sql) → id, parameters, columns.
 * @param mariadbFlags what PyMySQL is made to announce of {@link MariadbFlag}, which it knows nothing of
 */
export function preparedByHand(mariadbFlags = 0): string {
  const announce = `
class Struct:
  def __getattr__(self, name): return getattr(struct, name)
  def pack(self, form, *values):
    if form != '<iIB23s': return struct.pack(form, *values)
    flags, size, charset, _ = values
    return struct.pack(form, flags & ~1, size, charset, bytes(19) + (${mariadbFlags}).to_bytes(4, 'little'))
pymysql.connections.struct = Struct()
`;
  return `
import pymysql, struct
${mariadbFlags === 0 ? '' : announce}
def framed(payload): return len(payload).to_bytes(3, 'little') + b'\\x00' + payload
def send(*payloads): c._sock.sendall(b''.join(framed(one) for one in payloads)); c._next_seq_id = 1
def packet(): return c._read_packet().get_all_data()
def prepare(sql):
  send(b'\\x16' + sql.encode())
  id, columns, params = struct.unpack('<IHH', packet()[1:9])
  for n in (params, columns):
    for _ in range(n): packet()
    if n: assert packet()[0] == 0xfe
  return id, params, columns
`;
}

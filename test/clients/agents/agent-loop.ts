import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ConnectionJob, Request, Value } from '../agent-process.js';

/** One connection of a client library. */
export interface AgentConnection {
  query(sql: string, params: unknown[]): Promise<unknown[][]>;
  stream(sql: string, params: unknown[]): Promise<unknown[][]>;
  exec(sql: string, params: unknown[]): Promise<{ affected: number; insertId: number }>;
  batch(sql: string, sets: unknown[][]): Promise<void>;
  begin(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  close(): Promise<void>;
}

/** Loads a package of test/clients/npm from where it was installed; its folder is the first argument. */
export function clientPackage<T>(name: string): { module: T; version: string } {
  const require = createRequire(join(process.argv[2] ?? '.', 'package.json'));
  const { version } = require(`${process.argv[2]}/node_modules/${name.split('/')[0]}/package.json`) as {
    version: string;
  };
  return { module: require(name) as T, version };
}

function decode(value: Value): unknown {
  return value !== null && typeof value === 'object' ? Buffer.from(value.b64, 'base64') : value;
}

function encode(value: unknown): Value {
  if (value === null || typeof value === 'number' || typeof value === 'string') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Uint8Array) return { b64: Buffer.from(value).toString('base64') };
  throw new Error(`no plain value: ${typeof value}`);
}

function describe(error: unknown): { errno: number; sqlState: string; message: string } {
  const { errno, sqlState, message } = error as { errno?: unknown; sqlState?: unknown; message?: unknown };
  return {
    errno: typeof errno === 'number' ? errno : 0,
    sqlState: typeof sqlState === 'string' ? sqlState : '',
    message: String(message ?? error),
  };
}

/** Answers requests on standard input until it ends. */
export async function runAgent(
  version: string,
  open: (job: ConnectionJob) => Promise<AgentConnection>,
): Promise<void> {
  const connections = new Map<string, AgentConnection>();
  const answer = async (request: Request): Promise<object> => {
    if (request.op === 'open') {
      connections.set(request.conn, await open(request));
      return { version };
    }
    const connection = connections.get(request.conn);
    if (connection === undefined) throw new Error(`no connection ${request.conn}`);
    switch (request.op) {
      case 'query':
      case 'stream': {
        const rows = await connection[request.op](request.sql, request.params.map(decode));
        return { rows: rows.map((row) => row.map(encode)) };
      }
      case 'exec':
        return await connection.exec(request.sql, request.params.map(decode));
      case 'batch':
        await connection.batch(
          request.sql,
          request.sets.map((set) => set.map(decode)),
        );
        return {};
      default:
        await connection[request.op]();
        return {};
    }
  };
  for await (const line of createInterface({ input: process.stdin })) {
    const reply = await answer(JSON.parse(line) as Request).catch((error: unknown) => ({
      error: describe(error),
    }));
    process.stdout.write(`${JSON.stringify(reply)}\n`);
  }
  process.exit(0);
}

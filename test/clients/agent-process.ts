import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { repositoryRoot } from '../../scripts/lib/run.mjs';

/** A value on the wire to and from an agent. Bytes are base64: JSON has none. */
export type Value = null | number | string | { readonly b64: string };

/** How an agent's client connects. */
export interface ConnectionJob {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** file of the authority that signed the proxy's certificate; null: without TLS */
  readonly ca: string | null;
  /** connection attributes to send, where the client can */
  readonly attributes: Readonly<Record<string, string>>;
  /** a way of using the client that it offers, e.g. `text`, `prepared` */
  readonly mode: string;
}

/** What an agent is asked; it answers one line for one. */
export type Request =
  | ({ readonly op: 'open'; readonly conn: string } & ConnectionJob)
  | {
      readonly op: 'query' | 'stream' | 'exec';
      readonly conn: string;
      readonly sql: string;
      readonly params: readonly Value[];
    }
  | {
      readonly op: 'batch';
      readonly conn: string;
      readonly sql: string;
      readonly sets: readonly (readonly Value[])[];
    }
  | { readonly op: 'begin' | 'commit' | 'rollback' | 'close'; readonly conn: string };

/** What a client's user saw of a failure; an errno of 0 where the client has none. */
export class AgentError extends Error {
  override readonly name = 'AgentError';
  constructor(
    readonly errno: number,
    readonly sqlState: string,
    message: string,
  ) {
    super(message);
  }
}

interface Reply {
  readonly version?: string;
  readonly rows?: readonly (readonly Value[])[];
  readonly affected?: number;
  readonly insertId?: number;
  readonly error?: { readonly errno: number; readonly sqlState: string; readonly message: string };
}

const REQUEST_BOUND_MS = 20_000;

/** A program that uses one client library on request: a JSON line in, a JSON line out. */
export class AgentProcess {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly waiting: ((reply: Reply | Error) => void)[] = [];
  private stderr = '';
  private ended: Error | null = null;

  /** @param boundMs the program is ended after this many milliseconds, whatever it does */
  constructor(
    [command, ...args]: readonly [string, ...string[]],
    env: Readonly<Record<string, string>>,
    boundMs: number,
  ) {
    this.child = spawn(command, args, {
      cwd: repositoryRoot(),
      env: { ...process.env, ...env },
      stdio: 'pipe',
    });
    const timer = setTimeout(() => {
      this.fail(new Error(`ended after ${boundMs / 1000} s`));
      this.child.kill('SIGKILL');
    }, boundMs);
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-4_000);
    });
    // A write to a program that is gone would otherwise end this process with EPIPE.
    this.child.stdin.on('error', () => undefined);
    this.child.once('error', (error) => this.fail(error));
    this.child.once('close', (status) => {
      clearTimeout(timer);
      this.fail(new Error(`the client program ended (${status}): ${this.stderr.trim().slice(-600)}`));
    });
    createInterface({ input: this.child.stdout }).on('line', (line) => this.receive(line));
  }

  /** Opens a connection. @returns the client library's version */
  async open(conn: string, job: ConnectionJob): Promise<string> {
    return (await this.ask({ op: 'open', conn, ...job })).version ?? '?';
  }

  /** Rows of a statement in the connection's mode, values as the client library typed them. */
  async query(
    conn: string,
    sql: string,
    params: readonly Value[] = [],
  ): Promise<readonly (readonly Value[])[]> {
    return (await this.ask({ op: 'query', conn, sql, params })).rows ?? [];
  }

  /** Like `query`, but through what the client offers for results that are not held at once. */
  async stream(
    conn: string,
    sql: string,
    params: readonly Value[] = [],
  ): Promise<readonly (readonly Value[])[]> {
    return (await this.ask({ op: 'stream', conn, sql, params })).rows ?? [];
  }

  async exec(
    conn: string,
    sql: string,
    params: readonly Value[] = [],
  ): Promise<{ affected: number; insertId: number }> {
    const reply = await this.ask({ op: 'exec', conn, sql, params });
    return { affected: reply.affected ?? -1, insertId: reply.insertId ?? -1 };
  }

  /** Many sets of parameters for one statement, in the client's own way of doing that. */
  async batch(conn: string, sql: string, sets: readonly (readonly Value[])[]): Promise<void> {
    await this.ask({ op: 'batch', conn, sql, sets });
  }

  /** `begin`, `commit`, `rollback` through the client's functions for them; `close` ends the connection. */
  async control(conn: string, op: 'begin' | 'commit' | 'rollback' | 'close'): Promise<void> {
    await this.ask({ op, conn });
  }

  /** Ends the program: by itself when its input ends, else with SIGKILL. */
  async stop(): Promise<void> {
    if (this.ended !== null) return;
    const closed = new Promise<void>((resolve) => this.child.once('close', () => resolve()));
    this.child.stdin.end();
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 3_000);
    await closed;
    clearTimeout(timer);
  }

  private async ask(request: Request): Promise<Reply> {
    if (this.ended !== null) throw this.ended;
    const answered = new Promise<Reply | Error>((resolve) => this.waiting.push(resolve));
    const timer = setTimeout(() => {
      this.fail(new Error(`no answer to ${request.op} in ${REQUEST_BOUND_MS / 1000} s: ${this.stderr}`));
      this.child.kill('SIGKILL');
    }, REQUEST_BOUND_MS);
    this.child.stdin.write(`${JSON.stringify(request)}\n`);
    const reply = await answered;
    clearTimeout(timer);
    if (reply instanceof Error) throw reply;
    if (reply.error !== undefined) {
      throw new AgentError(reply.error.errno, reply.error.sqlState, reply.error.message);
    }
    return reply;
  }

  private receive(line: string): void {
    const resolve = this.waiting.shift();
    try {
      const reply = JSON.parse(line) as Reply;
      if (resolve === undefined) this.fail(new Error('the client program answered without being asked'));
      else resolve(reply);
    } catch {
      resolve?.(new Error(`the client program printed: ${line.slice(0, 300)}`));
    }
  }

  private fail(error: Error): void {
    this.ended ??= error;
    for (const resolve of this.waiting.splice(0)) resolve(this.ended);
  }
}

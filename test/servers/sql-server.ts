import { mkdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { captureOrThrow } from '../../scripts/lib/run.mjs';
import { makeCertificates, type TestCertificates, writeCertificates } from './certificates.js';
import { startDaemon, waitUntilReady } from './daemon.js';
import { freePort } from './free-port.js';
import { tempFolder } from './temp-folder.js';

/** How a test wants its database server. */
export interface SqlServerOptions {
  /** further command-line options; the last one wins, so these override ours */
  readonly args?: readonly string[];
  /**
   * `signed` (default): a certificate for localhost and 127.0.0.1 signed by a test authority.
   * `server-made`: MySQL's own certificates, which name no host (verify-identity must fail). MariaDB 10.11 has none.
   * `off`: no TLS.
   */
  readonly tls?: 'signed' | 'server-made' | 'off';
  readonly performanceSchema?: boolean;
  /** writes every statement to `generalLogFile` */
  readonly generalLog?: boolean;
  readonly binaryLog?: boolean;
  /** fixed when the data folder is made on MySQL */
  readonly lowerCaseTableNames?: 0 | 1;
}

/** What a test needs to know of a server; can be sent to another process. */
export interface SqlServerAddress {
  readonly kind: 'mariadb' | 'mysql';
  /** e.g. `10.11.14` */
  readonly version: string;
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly socket: string;
  readonly rootUser: string;
  readonly rootPassword: string;
  readonly dataDir: string;
  /** `--secure-file-priv`: INTO OUTFILE and LOAD DATA INFILE work here */
  readonly filesDir: string;
  readonly pid: number;
  readonly errorLogFile: string;
  /** exists with the option `generalLog`, or after SET GLOBAL general_log = ON */
  readonly generalLogFile: string;
  readonly logFiles: readonly string[];
  /** null without TLS */
  readonly tls: ServerTlsFiles | null;
  /** command and leading arguments of the matching command line client */
  readonly client: readonly [string, ...string[]];
}

/** Files of the authority that signed the server's certificate, and of a client's certificate that it signed. */
export interface ServerTlsFiles {
  readonly ca: string;
  readonly clientCert: string;
  readonly clientKey: string;
}

/** A server that this process started. */
export interface RunningSqlServer extends SqlServerAddress {
  /** Ends the server and deletes its folder; bounded to about 20 s. */
  stop(): Promise<void>;
  /** SIGKILL, for tests of a lost backend. stop() still has to be called. */
  kill(): Promise<void>;
}

/** What differs between the two servers. */
export interface SqlServerProgram {
  readonly kind: 'mariadb' | 'mysql';
  readonly version: string;
  readonly command: readonly [string, ...string[]];
  readonly client: readonly [string, ...string[]];
  /** an initialised data folder to copy */
  readonly template: string;
  readonly args: readonly string[];
  /** what turns TLS off */
  readonly withoutTls: readonly string[];
}

export const ROOT_USER = 'root';
/** Not a secret: the servers are throw-away and listen on 127.0.0.1. */
export const ROOT_PASSWORD = 'tc-root';

/**
 * SQL, one statement a line, for the template: root with our password over the socket and over TCP. Without name
 * resolution a TCP client is 127.0.0.1 and never localhost.
 */
export const TEMPLATE_SQL = [
  `ALTER USER 'root'@'localhost' IDENTIFIED BY '${ROOT_PASSWORD}';`,
  `CREATE USER 'root'@'127.0.0.1' IDENTIFIED BY '${ROOT_PASSWORD}';`,
  `GRANT ALL PRIVILEGES ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;`,
  '',
].join('\n');

const START_BOUND_MS = 60_000;
const START_ATTEMPTS = 3;

/** The options that both servers share. They refuse to run as root unless told to. */
export function commonArgs(options: SqlServerOptions): string[] {
  return [
    ...(process.getuid?.() === 0 ? ['--user=root'] : []),
    '--bind-address=127.0.0.1',
    '--skip-name-resolve',
    '--max-connections=500',
    '--local-infile=ON',
    '--innodb-buffer-pool-size=128M',
    '--innodb-flush-log-at-trx-commit=0',
    '--innodb-fast-shutdown=2',
    `--performance-schema=${options.performanceSchema === true ? 'ON' : 'OFF'}`,
    `--general-log=${options.generalLog === true ? 'ON' : 'OFF'}`,
    `--lower-case-table-names=${options.lowerCaseTableNames ?? 0}`,
  ];
}

/**
 * Starts a server on a copy of the template, in a new folder and on a free port.
 * @throws Error with the end of the server's log
 */
export async function startSqlServer(
  program: SqlServerProgram,
  options: SqlServerOptions,
): Promise<RunningSqlServer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(program, options);
    } catch (error) {
      // Another process may take the free port before the server binds it.
      const portTaken = error instanceof Error && /address already in use/i.test(error.message);
      if (!portTaken || attempt === START_ATTEMPTS) throw error;
    }
  }
}

async function startOnce(program: SqlServerProgram, options: SqlServerOptions): Promise<RunningSqlServer> {
  const folder = tempFolder(program.kind === 'mysql' ? 'my' : 'ma');
  try {
    return await startIn(folder, program, options);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function startIn(
  folder: string,
  program: SqlServerProgram,
  options: SqlServerOptions,
): Promise<RunningSqlServer> {
  const at = (name: string): string => join(folder, name);
  const dataDir = at('data');
  const port = await freePort();
  const socket = at('s.sock');
  const errorLogFile = at('error.log');
  const generalLogFile = at('general.log');
  captureOrThrow('cp', ['-a', '--reflink=auto', program.template, dataDir]);
  for (const name of ['files', 'tmp']) mkdirSync(at(name), { mode: 0o700 });
  const certificates = await tlsFiles(folder, dataDir, program, options.tls ?? 'signed');
  const daemon = await startDaemon({
    command: [
      ...program.command,
      ...program.args,
      ...commonArgs(options),
      `--datadir=${dataDir}`,
      `--tmpdir=${at('tmp')}`,
      `--port=${port}`,
      `--socket=${socket}`,
      `--pid-file=${at('pid')}`,
      `--log-error=${errorLogFile}`,
      `--general-log-file=${generalLogFile}`,
      `--slow-query-log-file=${at('slow.log')}`,
      `--secure-file-priv=${at('files')}`,
      ...(options.binaryLog === true ? [`--log-bin=${at('binlog')}`, '--server-id=1'] : ['--skip-log-bin']),
      ...certificates.args,
      ...(options.args ?? []),
    ],
    log: at('console.log'),
    folder,
  });
  const logFiles = [errorLogFile, generalLogFile, at('slow.log'), at('console.log')];
  try {
    await waitUntilReady(daemon, async () => await answersWithGreeting(port), START_BOUND_MS, [
      errorLogFile,
      at('console.log'),
    ]);
  } catch (error) {
    await daemon.stop();
    throw error;
  }
  return {
    kind: program.kind,
    version: program.version,
    host: '127.0.0.1',
    port,
    socket,
    rootUser: ROOT_USER,
    rootPassword: ROOT_PASSWORD,
    dataDir,
    filesDir: at('files'),
    pid: daemon.pid,
    errorLogFile,
    generalLogFile,
    logFiles,
    tls: certificates.tls,
    client: program.client,
    stop: async () => await daemon.stop(),
    kill: async () => await daemon.kill(),
  };
}

/** One authority for all servers of a process: making RSA keys takes about 0.2 s. */
let shared: Promise<TestCertificates> | undefined;

async function tlsFiles(
  folder: string,
  dataDir: string,
  program: SqlServerProgram,
  tls: 'signed' | 'server-made' | 'off',
): Promise<{ tls: ServerTlsFiles | null; args: string[] }> {
  if (tls === 'off') return { tls: null, args: [...program.withoutTls] };
  if (tls === 'server-made') {
    const at = (name: string): string => join(dataDir, name);
    const made = { ca: at('ca.pem'), clientCert: at('client-cert.pem'), clientKey: at('client-key.pem') };
    return { tls: made, args: [] };
  }
  shared ??= makeCertificates();
  const own = writeCertificates(folder, await shared);
  const { ca, clientCert, clientKey } = own;
  const args = [`--ssl-ca=${ca}`, `--ssl-cert=${own.cert}`, `--ssl-key=${own.key}`];
  return { tls: { ca, clientCert, clientKey }, args };
}

/** Whether the server sends HandshakeV10: it listens before it can serve, and connects to nobody while it starts. */
async function answersWithGreeting(port: number): Promise<boolean> {
  return await new Promise<boolean>((resolve) => {
    const connection = connect({ host: '127.0.0.1', port });
    const finish = (ready: boolean): void => {
      connection.destroy();
      resolve(ready);
    };
    connection.setTimeout(2_000, () => finish(false));
    connection.once('error', () => finish(false));
    connection.once('close', () => finish(false));
    // Byte 4 is the protocol version, 10; an ERR packet (0xff) there means "not yet".
    connection.once('data', (bytes) => finish(bytes[4] === 10));
  });
}

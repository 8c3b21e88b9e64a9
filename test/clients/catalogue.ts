import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensurePython } from '../../scripts/lib/ensure-python.mjs';
import { captureOrThrow, repositoryRoot } from '../../scripts/lib/run.mjs';
import { INSTALL_BOUND_MS, installed, MissingLanguage, need, needDebian } from './install.js';

/** Where a client's tenant comes from: the first of these that the client can do. */
export type TenantSource = 'attribute' | 'suffix' | 'variable';

/** A client library and the ways of using it that are tried. */
export interface Client {
  /** as `--only` takes it, e.g. `connector-j` */
  readonly id: string;
  readonly title: string;
  readonly modes: readonly string[];
  readonly tenant: TenantSource;
  /** Installs it. @returns the agent's command @throws MissingLanguage, or Error when installing failed */
  readonly prepare: () => readonly [string, ...string[]];
}

const HERE = join(repositoryRoot(), 'test/clients');
const COMPILED = join(repositoryRoot(), '.cache/tools/test/clients');

function npmAgent(agent: string): () => readonly [string, ...string[]] {
  return () => {
    const folder = installed(HERE, 'clients-npm', ['npm/package.json', 'npm/package-lock.json'], (target) => {
      for (const file of ['package.json', 'package-lock.json']) {
        copyFileSync(join(HERE, 'npm', file), join(target, file));
      }
      captureOrThrow('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], {
        cwd: target,
        timeoutMs: INSTALL_BOUND_MS,
      });
    });
    return [process.execPath, join(COMPILED, 'agents', agent), folder];
  };
}

function pythonAgent(kind: string): () => readonly [string, ...string[]] {
  return () => {
    const python = ensurePython('test/clients/requirements.txt');
    if (python === null) throw new MissingLanguage('there is no Python environment (the reason is above)');
    return [python, join(HERE, 'python/agent.py'), kind];
  };
}

function javaAgent(kind: string): () => readonly [string, ...string[]] {
  return () => {
    const [java, javac, maven] = [need('java'), need('javac'), need('mvn')];
    const folder = installed(HERE, 'clients-java', ['java/pom.xml', 'java/Agent.java'], (target) => {
      captureOrThrow(
        maven,
        [
          '-q',
          '-B',
          '-f',
          join(HERE, 'java/pom.xml'),
          'dependency:copy-dependencies',
          `-DoutputDirectory=${target}`,
        ],
        { cwd: target, timeoutMs: INSTALL_BOUND_MS },
      );
      captureOrThrow(javac, ['-cp', `${target}/*`, '-d', target, join(HERE, 'java/Agent.java')], {
        cwd: target,
      });
    });
    return [
      java,
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-cp',
      `${folder}:${folder}/*`,
      'Agent',
      kind,
    ];
  };
}

function goAgent(): readonly [string, ...string[]] {
  const go = need('go');
  const folder = installed(HERE, 'clients-go', ['go/go.mod', 'go/go.sum', 'go/main.go'], (target) => {
    captureOrThrow(go, ['build', '-mod=readonly', '-o', join(target, 'agent'), '.'], {
      cwd: join(HERE, 'go'),
      timeoutMs: INSTALL_BOUND_MS,
    });
  });
  return [join(folder, 'agent')];
}

/** Runs what Debian's packages bring, installing them when `probe` does not succeed. */
function debianAgent(
  packages: readonly string[],
  probe: readonly [string, ...string[]],
  command: readonly string[],
): () => readonly [string, ...string[]] {
  return () => {
    needDebian(packages, probe);
    return [probe[0], ...command];
  };
}

const PHP_PROBE = [
  'php',
  '-r',
  "exit(extension_loaded('pdo_mysql') && extension_loaded('mysqli') ? 0 : 1);",
] as const;
const PHP_AGENT = join(HERE, 'php/agent.php');

/** Every client that is driven through an agent. */
export const CLIENTS: readonly Client[] = [
  {
    id: 'mysql2',
    title: 'mysql2 (Node.js)',
    modes: ['text', 'prepared'],
    tenant: 'attribute',
    prepare: npmAgent('mysql2.js'),
  },
  {
    id: 'connector-node',
    title: 'MariaDB Connector/Node.js',
    modes: ['text', 'prepared', 'bulk'],
    tenant: 'attribute',
    prepare: npmAgent('mariadb.js'),
  },
  {
    id: 'pymysql',
    title: 'PyMySQL',
    modes: ['text'],
    tenant: 'suffix',
    prepare: pythonAgent('pymysql'),
  },
  {
    id: 'connector-python-c',
    title: 'mysql-connector-python, C extension',
    modes: ['text', 'prepared'],
    tenant: 'attribute',
    prepare: pythonAgent('connector-c'),
  },
  {
    id: 'connector-python-pure',
    title: 'mysql-connector-python, pure',
    modes: ['text', 'prepared'],
    tenant: 'attribute',
    prepare: pythonAgent('connector-pure'),
  },
  {
    id: 'connector-j',
    title: 'MySQL Connector/J',
    modes: ['text', 'text-rewrite', 'prepared', 'prepared-rewrite', 'cursor'],
    tenant: 'attribute',
    prepare: javaAgent('mysql'),
  },
  {
    id: 'mariadb-java',
    title: 'MariaDB Connector/J',
    modes: ['text', 'prepared', 'bulk'],
    tenant: 'attribute',
    prepare: javaAgent('mariadb'),
  },
  {
    id: 'go',
    title: 'go-sql-driver/mysql',
    modes: ['interpolated', 'prepared'],
    tenant: 'attribute',
    prepare: goAgent,
  },
  {
    id: 'pdo',
    title: 'PHP PDO (mysqlnd)',
    modes: ['text', 'prepared'],
    tenant: 'suffix',
    prepare: debianAgent(['php-cli', 'php-mysql'], PHP_PROBE, [PHP_AGENT, 'pdo']),
  },
  {
    id: 'mysqli',
    title: 'PHP mysqli (mysqlnd)',
    modes: ['text', 'prepared'],
    tenant: 'variable',
    prepare: debianAgent(['php-cli', 'php-mysql'], PHP_PROBE, [PHP_AGENT, 'mysqli']),
  },
  {
    id: 'ruby',
    title: 'Ruby mysql2 (libmariadb)',
    modes: ['text', 'prepared'],
    tenant: 'attribute',
    prepare: debianAgent(
      ['ruby', 'ruby-mysql2'],
      ['ruby', '-rmysql2', '-e', '0'],
      [join(HERE, 'ruby/agent.rb')],
    ),
  },
];

import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensurePython } from '../../scripts/lib/ensure-python.mjs';
import { captureOrThrow, repositoryRoot } from '../../scripts/lib/run.mjs';
import { INSTALL_BOUND_MS, installed, MissingLanguage, need, needDebian } from '../clients/install.js';
import { type ProtectedTypes, TYPES } from './tables.js';

/** What an installed ORM's program is started with; the phase is added as the last argument. */
export interface Prepared {
  /** run in the program's folder */
  readonly command: readonly [string, ...string[]];
  /** linked as `node_modules` above the program's folder, so that programs find their packages */
  readonly modules?: string;
}

/** An ORM and the program in test/orms/programs that uses it. */
export interface Orm {
  /** as `--only` takes it: the program's folder */
  readonly id: string;
  readonly title: string;
  /** which tool migrates and introspects, for the report */
  readonly tool: string;
  readonly types: ProtectedTypes;
  /** which its migrations give text columns by name; null: none */
  readonly collation: string | null;
  /** null: by the ORM's own tool through the proxy; else why tables are made straight on the database */
  readonly tablesMadeStraight: string | null;
  /** steps that the ORM has nothing for, and why */
  readonly lacks: Readonly<Record<string, string>>;
  /** steps whose results are not the same through the proxy, and why: limits that docs/limits.md names */
  readonly differs: Readonly<Record<string, string>>;
  /** what else is to be said of the version or the run */
  readonly remark: string | null;
  /** Installs it. @throws MissingLanguage, or Error when installing failed */
  readonly prepare: () => Prepared;
}

const PROGRAMS = join(repositoryRoot(), 'test/orms/programs');

const NPM_FILES = ['package.json', 'package-lock.json'];

function npmInstall(id: string, target: string): void {
  for (const file of NPM_FILES) copyFileSync(join(PROGRAMS, id, file), join(target, file));
  captureOrThrow('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], {
    cwd: target,
    timeoutMs: INSTALL_BOUND_MS,
  });
}

/** A program in JavaScript with packages from its own package-lock.json. */
function npmProgram(id: string): () => Prepared {
  return () => {
    const folder = installed(join(PROGRAMS, id), `orms-${id}`, NPM_FILES, (target) => npmInstall(id, target));
    return { command: [process.execPath, 'main.mjs'], modules: join(folder, 'node_modules') };
  };
}

/** Prisma's client is generated from its schema, into node_modules. */
function prismaProgram(): Prepared {
  const source = join(PROGRAMS, 'prisma');
  const schema = ['schema.prisma', 'prisma.config.ts'];
  const folder = installed(source, 'orms-prisma', [...NPM_FILES, ...schema], (target) => {
    npmInstall('prisma', target);
    for (const file of schema) copyFileSync(join(source, file), join(target, file));
    captureOrThrow(process.execPath, [join(target, 'node_modules/prisma/build/index.js'), 'generate'], {
      cwd: target,
      timeoutMs: INSTALL_BOUND_MS,
      // Else it looks for the engine of its migrations, which no package has; any program will do.
      env: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath },
    });
  });
  return { command: [process.execPath, 'main.mjs'], modules: join(folder, 'node_modules') };
}

function pythonProgram(id: string): () => Prepared {
  return () => {
    const python = ensurePython(`test/orms/programs/${id}/requirements.txt`);
    if (python === null) throw new MissingLanguage('there is no Python environment (the reason is above)');
    return { command: [python, 'main.py'] };
  };
}

function javaProgram(id: string): () => Prepared {
  return () => {
    const [java, javac, maven] = [need('java'), need('javac'), need('mvn')];
    const source = join(PROGRAMS, id);
    const folder = installed(source, `orms-${id}`, ['pom.xml', 'Main.java'], (target) => {
      captureOrThrow(
        maven,
        [
          ...['-q', '-B', '-f', join(source, 'pom.xml'), 'dependency:copy-dependencies'],
          `-DoutputDirectory=${target}`,
        ],
        { cwd: target, timeoutMs: INSTALL_BOUND_MS },
      );
      captureOrThrow(javac, ['-cp', `${target}/*`, '-d', target, join(source, 'Main.java')], { cwd: target });
    });
    const options = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];
    return { command: [java, ...options, '-cp', `${folder}:${folder}/*`, 'Main'] };
  };
}

/** A program that Debian's packages run: the registries of Ruby and PHP are not always at hand. */
function debianProgram(
  packages: readonly string[],
  probe: readonly [string, ...string[]],
  main: string,
): () => Prepared {
  return () => {
    needDebian(packages, probe);
    return { command: [probe[0], main] };
  };
}

const COMMON = {
  types: TYPES,
  collation: null,
  tablesMadeStraight: null,
  lacks: {},
  differs: {},
  remark: null,
};

/** Every ORM that is tried, in the order of docs/orms.md. */
export const ORMS: readonly Orm[] = [
  {
    ...COMMON,
    id: 'sequelize',
    title: 'Sequelize (Node.js)',
    tool: 'umzug migrations',
    prepare: npmProgram('sequelize'),
  },
  {
    ...COMMON,
    id: 'typeorm',
    title: 'TypeORM (Node.js)',
    tool: "runMigrations, the schema builder's comparison",
    prepare: npmProgram('typeorm'),
  },
  {
    ...COMMON,
    id: 'prisma',
    title: 'Prisma Client (Node.js)',
    tool: 'none here (see below)',
    tablesMadeStraight:
      'the engine of `prisma migrate` and `prisma db pull` is a program that is not in the npm registry, and its WebAssembly form, which is, does not know MySQL; the tables are made straight on the database',
    lacks: { savepoint: 'Prisma has no nested transactions' },
    prepare: prismaProgram,
  },
  {
    ...COMMON,
    id: 'knex',
    title: 'Knex (Node.js)',
    tool: '`migrate.latest`, `columnInfo`',
    prepare: npmProgram('knex'),
  },
  {
    ...COMMON,
    id: 'drizzle',
    title: 'Drizzle (Node.js)',
    tool: 'drizzle-kit `generate`, `pull`, `push` (on MySQL); `migrate`',
    remark: 'of a renamed column drizzle-kit asks at a terminal: no column is renamed here',
    prepare: npmProgram('drizzle'),
  },
  {
    ...COMMON,
    id: 'django',
    title: 'Django (Python)',
    tool: '`migrate`, `makemigrations --check`, `inspectdb`',
    types: { ...TYPES, bio: 'longtext', photo: 'longblob', body: 'longtext' },
    remark: 'Django 6 needs Python 3.12; Debian 12 has 3.11',
    prepare: pythonProgram('django'),
  },
  {
    ...COMMON,
    id: 'sqlalchemy',
    title: 'SQLAlchemy (Python)',
    tool: "Alembic's `upgrade`, `inspect`, autogenerate's comparison",
    prepare: pythonProgram('sqlalchemy'),
  },
  {
    ...COMMON,
    id: 'activerecord',
    title: 'ActiveRecord (Ruby)',
    tool: 'migrations, columns and indexes, the schema dump',
    remark: 'the version that Debian 12 packages: RubyGems is not among the registries at hand',
    prepare: debianProgram(
      ['ruby', 'ruby-activerecord', 'ruby-mysql2'],
      ['ruby', '-e', 'require "active_record"; require "mysql2"'],
      'main.rb',
    ),
  },
  {
    ...COMMON,
    id: 'eloquent',
    title: 'Laravel Eloquent (PHP)',
    collation: 'utf8mb4_unicode_ci',
    tool: 'schema builder, migration repository; the rename is a statement of its own',
    remark: 'the version that Debian 12 packages: Packagist is not among the registries at hand',
    prepare: debianProgram(
      ['php-cli', 'php-mysql', 'php-illuminate-database'],
      [
        'php',
        '-r',
        "require '/usr/share/php/Illuminate/Database/autoload.php'; exit(extension_loaded('pdo_mysql') ? 0 : 1);",
      ],
      'main.php',
    ),
  },
  {
    ...COMMON,
    id: 'hibernate',
    title: 'Hibernate ORM (Java)',
    tool: 'schema update and validation, JDBC metadata; renames and drops are statements of their own',
    prepare: javaProgram('hibernate'),
  },
  {
    ...COMMON,
    id: 'mikroorm',
    title: 'MikroORM (Node.js)',
    tool: 'migrator, schema comparison',
    remark: 'MikroORM 7 needs Node.js 22.17',
    prepare: npmProgram('mikroorm'),
  },
];

import { Command, CommanderError, Option } from 'commander';
import { ConfigError } from '../config/config-error.js';
import { ProxyError } from '../errors.js';
import { ExitStatus, UsageError } from './exit-status.js';
import { type Terminal, write } from './terminal.js';

export interface ServeOptions {
  readonly config: string;
}

export interface CheckOptions {
  readonly config: string;
  readonly tenant?: string;
}

export interface ExplainOptions {
  readonly config: string;
  readonly tenant?: string;
  readonly database?: string;
  readonly schema?: string;
  readonly server?: string;
  readonly sqlMode?: string;
  readonly charset?: string;
  readonly lowerCaseTableNames?: string;
  readonly jsonl?: boolean;
}

/** What the commands do; main.ts puts the real ones in. */
export interface Actions {
  serve(options: ServeOptions): Promise<ExitStatus>;
  check(options: CheckOptions): Promise<ExitStatus>;
  explain(sql: readonly string[], options: ExplainOptions): Promise<ExitStatus>;
}

const EXPLAIN_HELP = `
Each statement is explained by itself: a USE or SET among them changes nothing for the next. SQL on standard input is
cut at each ; that ends a line. A statement with ? is explained as a prepared statement: the tenant then shows as ?.
No key is needed and none is fetched. Exit status: 0, 1 when a statement was refused, 2 for wrong usage.

With --jsonl each line of standard input is {"sql": …} and each answer is one line
{"outcome": "forwarded|rewritten|refused", "sql": …, "code": …, "reason": …, "position": …}, in order; what does not
apply is null, and positions are 0-based byte offsets.`;

const CHECK_HELP = `
One line for each thing looked at: ok, warning (works, but read it), problem (exit status 1) or skipped.`;

/**
 * Runs one command line.
 * @param args without the interpreter and the script
 */
export async function runProgram(
  args: readonly string[],
  version: string,
  terminal: Terminal,
  actions: Actions,
): Promise<ExitStatus> {
  let status: ExitStatus = ExitStatus.Ok;
  const program = new Command('tenantcrypt')
    .description('MySQL proxy that encrypts configured columns with one key per tenant')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
    })
    .showHelpAfterError('Try tenantcrypt --help.');
  const config = (): Option =>
    new Option('-c, --config <file>', 'configuration file (YAML)').makeOptionMandatory();

  program
    .command('serve')
    .description('run the proxy until SIGTERM')
    .addOption(config())
    .action(async (options: ServeOptions) => {
      status = await actions.serve(options);
    });

  program
    .command('check')
    .description('look at configuration, database, schema and keys, and say what is wrong and what to do')
    .addOption(config())
    .option('--tenant <tenant>', "also fetch this tenant's key, once; it is never shown")
    .addHelpText('after', CHECK_HELP)
    .action(async (options: CheckOptions) => {
      status = await actions.check(options);
    });

  program
    .command('explain')
    .description('show what becomes of statements: forwarded, rewritten or refused')
    .argument('[sql...]', 'statements; without any, standard input is read')
    .addOption(config())
    .option('--tenant <tenant>', 'whose rows: shown in rewritten statements')
    .option('--database <schema>', 'the current schema; default: that of the tables, when all lie in one')
    .option('--schema <file>', 'CREATE TABLE statements to take the columns from, instead of the database')
    .option(
      '--server <version>',
      'mysql-9.7, mariadb-10.11, …; default: the database, or server in the configuration',
    )
    .option('--sql-mode <modes>', "@@sql_mode; default: the database's, or the server's own default")
    .option('--charset <name>', '@@character_set_client', 'utf8mb4')
    .addOption(
      new Option(
        '--lower-case-table-names <n>',
        "@@lower_case_table_names; default: the database's, or 0",
      ).choices(['0', '1', '2']),
    )
    .option('--jsonl', 'JSON lines in and out')
    .addHelpText('after', EXPLAIN_HELP)
    .action(async (sql: string[], options: ExplainOptions) => {
      status = await actions.explain(sql, options);
    });

  try {
    await program.parseAsync([...args], { from: 'user' });
    return status;
  } catch (error) {
    return await report(error, terminal);
  }
}

async function report(error: unknown, { stderr }: Terminal): Promise<ExitStatus> {
  if (error instanceof CommanderError) {
    // Help and version were asked for; everything else is wrong usage, which commander has told.
    return error.exitCode === 0 ? ExitStatus.Ok : ExitStatus.Usage;
  }
  if (error instanceof ConfigError) {
    await write(stderr, `${error.message}\n`);
    return ExitStatus.Usage;
  }
  if (error instanceof UsageError) {
    await write(stderr, `tenantcrypt: ${error.message}\n`);
    return ExitStatus.Usage;
  }
  if (error instanceof ProxyError) {
    await write(stderr, `${error.clientMessage}\n`);
    return ExitStatus.Failed;
  }
  await write(stderr, `tenantcrypt: ${error instanceof Error ? error.message : 'failed'}\n`);
  return ExitStatus.Failed;
}

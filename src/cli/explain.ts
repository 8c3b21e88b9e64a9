import type { Config } from '../config/config.js';
import { loadConfig } from '../config/load-config.js';
import type { Rewriter } from '../rewrite/rewriter.js';
import { ExitStatus, UsageError } from './exit-status.js';
import { type Answer, Explainer, encodingOf } from './explain/explainer.js';
import { type FactsDependencies, gatherFacts } from './explain/facts.js';
import { formatJson, formatText } from './explain/format.js';
import { explainArguments, explainJsonLines, explainScript } from './explain/input.js';
import type { ExplainOptions } from './program.js';
import { type Terminal, write } from './terminal.js';

export interface ExplainDependencies extends FactsDependencies {
  createRewriter(config: Config): Rewriter;
}

/**
 * `tenantcrypt explain`: what becomes of statements. No key is fetched. Statements stream: memory does not grow with
 * their number.
 * @throws ConfigError, UsageError; ProxyError when the backend can't be asked
 */
export async function explain(
  sql: readonly string[],
  options: ExplainOptions,
  terminal: Terminal,
  dependencies: ExplainDependencies,
): Promise<ExitStatus> {
  const config = loadConfig(options.config);
  const tenant = tenantOf(config, options);
  const { context, notes } = await gatherFacts(config, options, dependencies);
  for (const note of [...tenant.notes, ...notes])
    await write(terminal.stderr, `tenantcrypt explain: ${note}\n`);
  const { statementBytes } = config.limits;
  const rewriter = dependencies.createRewriter(config);
  const explainer = new Explainer({ rewriter, context, tenant: tenant.name, statementBytes });
  const { stdout } = terminal;
  const encoding = encodingOf(context.dialect);

  let isRefused = false;
  const note = (answer: Answer): void => {
    isRefused ||= answer.outcome === 'refused';
  };
  if (sql.length === 0 && options.jsonl === true) {
    for await (const answer of explainJsonLines(terminal.stdin, explainer, statementBytes)) {
      note(answer);
      await write(stdout, formatJson(answer));
    }
  } else {
    const source =
      sql.length > 0
        ? explainArguments(sql, explainer)
        : explainScript(terminal.stdin, explainer, statementBytes);
    let number = 0;
    for await (const explained of source) {
      number++;
      note(explained.answer);
      await write(
        stdout,
        options.jsonl === true ? formatJson(explained.answer) : formatText(explained, number, encoding),
      );
    }
  }
  return isRefused ? ExitStatus.Failed : ExitStatus.Ok;
}

/** Stand-ins where no tenant is given; the first that the pattern takes. */
const PLACEHOLDERS = ['tenant-001', 'tenant001', 'tenant', 'a', '1', '00000000-0000-0000-0000-000000000001'];

function tenantOf(config: Config, options: ExplainOptions): { name: string; notes: string[] } {
  const pattern = config.tenant?.pattern;
  if (options.tenant !== undefined) {
    if (pattern !== undefined && !pattern.test(options.tenant)) {
      throw new UsageError('--tenant does not match tenant.pattern of the configuration; give a valid one');
    }
    return { name: options.tenant, notes: [] };
  }
  const fixed = config.tenant?.sources.find((source) => source.kind === 'fixed');
  if (fixed !== undefined) return { name: fixed.tenant, notes: [] };
  const placeholder = PLACEHOLDERS.find((name) => pattern?.test(name) ?? true);
  if (placeholder === undefined) {
    throw new UsageError('give --tenant: no made-up tenant matches tenant.pattern of the configuration');
  }
  const notes =
    config.tables.size === 0 ? [] : [`no --tenant given; showing the statements of ${placeholder}`];
  return { name: placeholder, notes };
}

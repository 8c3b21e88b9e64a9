/** One thing that is wrong in the configuration file. */
export interface ConfigProblem {
  /** Where: `tables.tenant_app.users.columns.email.type`; empty for the file as a whole. */
  readonly path: string;
  /** 1-based line in the file; undefined when the file could not be read at all. */
  readonly line: number | undefined;
  /** `what is wrong; what to do`. Never holds a secret nor the value of an environment variable. */
  readonly message: string;
}

/** The configuration can't be used: every problem found, in the order of the file. Exit status 2 on the command line. */
export class ConfigError extends Error {
  readonly file: string;
  readonly problems: readonly ConfigProblem[];

  constructor(file: string, problems: readonly ConfigProblem[]) {
    const sorted = [...problems].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
    super(sorted.map((problem) => formatProblem(file, problem)).join('\n'));
    this.name = 'ConfigError';
    this.file = file;
    this.problems = sorted;
  }
}

function formatProblem(file: string, problem: ConfigProblem): string {
  const where = problem.line === undefined ? file : `${file}:${problem.line}`;
  return problem.path === ''
    ? `${where}: ${problem.message}`
    : `${where}: ${problem.path}: ${problem.message}`;
}

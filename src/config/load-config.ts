import { accessSync, constants, readFileSync } from 'node:fs';
import type { z } from 'zod';
import type { Config } from './config.js';
import { ConfigError, type ConfigProblem } from './config-error.js';
import type { Environment } from './interpolate.js';
import { knownKeys, suggestion } from './known-keys.js';
import { normalise } from './normalise.js';
import { configSchema } from './schema.js';
import { formatPath, type PathSegment, YamlSource } from './yaml-source.js';

export interface ParseConfigOptions {
  readonly env: Environment;
  /** For messages, and the folder that relative paths start from. */
  readonly file: string;
}

/**
 * Reads and checks the configuration at `file`, and that the certificate and key files it names can be read.
 * Throws ConfigError with every problem found.
 */
export function loadConfig(file: string, env: Environment = process.env): Config {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    const message = `can't be read (${code}); name an existing file with --config`;
    throw new ConfigError(file, [{ path: '', line: undefined, message }]);
  }
  return parse(text, { env, file }, checkFiles);
}

/** Checks the text of a configuration without reading any other file. Throws ConfigError with every problem found. */
export function parseConfig(text: string, options: ParseConfigOptions): Config {
  return parse(text, options, () => undefined);
}

type Report = (path: readonly PathSegment[], message: string) => void;

function parse(
  text: string,
  { env, file }: ParseConfigOptions,
  check: (config: Config, report: Report) => void,
): Config {
  const source = new YamlSource(text, env);
  if (source.problems.length > 0) throw new ConfigError(file, source.problems);
  if (source.data === null || source.data === undefined) {
    const message = 'is empty; start from config/tenantcrypt.example.yaml';
    throw new ConfigError(file, [{ path: '', line: 1, message }]);
  }
  const problems: ConfigProblem[] = [];
  const report: Report = (path, message) => {
    problems.push({ path: formatPath(path), line: source.lineOf(path), message });
  };

  const checked = configSchema.safeParse(source.data, { error: generalMessage });
  if (!checked.success) {
    for (const issue of checked.error.issues) reportIssue(issue, source.data, report);
    throw new ConfigError(file, problems);
  }
  const config = normalise(checked.data, file, report);
  if (problems.length === 0) check(config, report);
  if (problems.length > 0) throw new ConfigError(file, problems);
  return config;
}

function reportIssue(issue: z.core.$ZodIssue, data: unknown, report: Report): void {
  const path = issue.path as PathSegment[];
  if (issue.code !== 'unrecognized_keys') {
    report(path, issue.message);
    return;
  }
  const known = knownKeys(configSchema, path, data);
  for (const key of issue.keys) {
    report([...path, key], `is not a known key; ${suggestion(key, known)}`);
  }
}

/** For the rules that have no words of their own. Never quotes the value: it may come from the environment. */
function generalMessage(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'invalid_type') return undefined;
  if (issue.input === undefined) return 'is missing; add it';
  const expected = NOUNS.get(issue.expected) ?? issue.expected;
  return issue.input === null
    ? `is empty; give ${expected} or remove the key`
    : `must be ${expected}; change it`;
}

const NOUNS = new Map<string, string>([
  ['object', 'a map of keys'],
  ['record', 'a map of names'],
  ['array', 'a list'],
  ['string', 'text'],
]);

function checkFiles({ listen, backend }: Config, report: Report): void {
  const files: readonly (readonly [readonly PathSegment[], string | undefined])[] = [
    [['listen', 'tls', 'cert'], listen.tls.cert],
    [['listen', 'tls', 'key'], listen.tls.key],
    [['listen', 'tls', 'ca'], listen.tls.ca],
    [['backend', 'tls', 'ca'], backend.tls.ca],
    [['backend', 'tls', 'cert'], backend.tls.cert],
    [['backend', 'tls', 'key'], backend.tls.key],
    [['backend', 'serverPublicKey'], backend.serverPublicKey],
  ];
  for (const [path, file] of files) {
    if (file === undefined) continue;
    try {
      accessSync(file, constants.R_OK);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
      report(path, `names a file that can't be read (${code}); correct the path or its permissions`);
    }
  }
}

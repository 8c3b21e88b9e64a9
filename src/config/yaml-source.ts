import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
} from 'yaml';
import type { ConfigProblem } from './config-error.js';
import { type Environment, interpolate } from './interpolate.js';

export type PathSegment = string | number;

/** `tables.tenant_app.users.columns.email.type`, `tenant.sources[0].fixed`. */
export function formatPath(path: readonly PathSegment[]): string {
  return path
    .map((segment, index) =>
      typeof segment === 'number' ? `[${segment}]` : index === 0 ? segment : `.${segment}`,
    )
    .join('');
}

/** A parsed YAML file with variables filled in, that still knows the line of everything in it. */
export class YamlSource {
  /** Problems of YAML itself and of variables; when there are any, `data` is of no use. */
  readonly problems: readonly ConfigProblem[];
  /** Plain data; undefined when the file is empty. */
  readonly data: unknown;
  readonly #document: Document;
  readonly #lines: LineCounter;

  constructor(text: string, env: Environment) {
    this.#lines = new LineCounter();
    // Pretty errors quote the file, and the line that they quote can hold a password.
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false, uniqueKeys: true });
    const problems = this.#yamlProblems(text);
    if (problems.length === 0) this.#fillIn(env, problems);
    this.data = problems.length === 0 ? this.#toData(problems) : undefined;
    this.problems = problems;
  }

  /** The line of the key or item at `path`, or of the nearest thing around it that exists. */
  lineOf(path: readonly PathSegment[]): number {
    let node: unknown = this.#document.contents;
    let line = 1;
    for (const segment of path) {
      const container = isAlias(node) ? node.resolve(this.#document) : node;
      if (isMap(container)) {
        const pair = container.items.find(
          (item) => isScalar(item.key) && String(item.key.value) === String(segment),
        );
        if (pair === undefined) return line;
        line = this.#lineOfNode(pair.key) ?? line;
        node = pair.value;
      } else if (isSeq(container) && typeof segment === 'number') {
        node = container.items[segment];
        line = this.#lineOfNode(node) ?? line;
      } else {
        return line;
      }
    }
    return line;
  }

  /** One for each line: the parser goes on after its first error there, and what it says then is noise. */
  #yamlProblems(text: string): ConfigProblem[] {
    const lines = text.split('\n');
    const byLine = new Map<number, ConfigProblem>();
    for (const error of [...this.#document.errors, ...this.#document.warnings]) {
      const line = this.#line(error.pos[0]);
      if (byLine.has(line)) continue;
      const unquoted = /[{[,:]\s*\$\{/.test(lines[line - 1] ?? '');
      const message = unquoted
        ? `is not valid YAML; put the value with \${…} in quotes`
        : yamlProblem(error.code);
      byLine.set(line, { path: '', line, message });
    }
    return [...byLine.values()];
  }

  #toData(problems: ConfigProblem[]): unknown {
    try {
      return this.#document.toJS({ maxAliasCount: 100 });
    } catch {
      problems.push({ path: '', line: 1, message: 'uses YAML aliases too often; write the values out' });
      return undefined;
    }
  }

  #fillIn(env: Environment, problems: ConfigProblem[]): void {
    visit(this.#document, {
      Alias: (key, alias, ancestors) => {
        if (alias.resolve(this.#document) !== undefined) return;
        problems.push({
          path: pathOf(ancestors, key),
          line: this.#lineOfNode(alias),
          message: yamlProblem('BAD_ALIAS'),
        });
      },
      Pair: (_, pair, ancestors) => {
        const name = isScalar(pair.key) ? pair.key.value : undefined;
        const report = (message: string): void => {
          const line = this.#lineOfNode(pair.key);
          problems.push({ path: pathOf([...ancestors, pair]), line, message });
        };
        if (typeof name !== 'string' && typeof name !== 'number') {
          report('has a key that is no plain name; put names in quotes');
        } else if (name === '__proto__') {
          // JavaScript gives this name a meaning of its own: a column of this name would be left out in silence.
          report('has the key __proto__, which is not supported; remove it');
        } else if (typeof name === 'string' && name.includes('${')) {
          report(`has a key with \${…}; variables are filled in in values only, write the name itself`);
        }
      },
      Scalar: (key, scalar, ancestors) => {
        if (key === 'key' || typeof scalar.value !== 'string') return;
        const result = interpolate(scalar.value, env);
        if (result.ok) scalar.value = result.value;
        else {
          problems.push({
            path: pathOf(ancestors, key),
            line: this.#lineOfNode(scalar),
            message: result.message,
          });
        }
      },
    });
  }

  #line(offset: number): number {
    return this.#lines.linePos(offset).line;
  }

  #lineOfNode(node: unknown): number | undefined {
    const range = (node as { range?: readonly number[] | null } | null | undefined)?.range;
    return range?.[0] === undefined ? undefined : this.#line(range[0]);
  }
}

function pathOf(ancestors: readonly unknown[], last?: unknown): string {
  const path: PathSegment[] = [];
  ancestors.forEach((ancestor, index) => {
    if (isPair(ancestor) && isScalar(ancestor.key)) path.push(String(ancestor.key.value));
    if (!isSeq(ancestor)) return;
    const next = ancestors[index + 1];
    const position = next === undefined ? last : ancestor.items.indexOf(next);
    if (typeof position === 'number') path.push(position);
  });
  return formatPath(path);
}

/** The parser's own messages can quote the file, so each kind has our words. */
function yamlProblem(code: string): string {
  switch (code) {
    case 'DUPLICATE_KEY':
      return 'the same key stands twice in one map; remove one';
    case 'TAB_AS_INDENT':
      return 'indented with a tab; use spaces';
    case 'BAD_INDENT':
      return 'indented wrongly; align it with the keys beside it';
    case 'BAD_ALIAS':
      return 'a value starts with * or & and is read as a YAML alias; put it in quotes';
    case 'TAG_RESOLVE_FAILED':
      return 'has a YAML tag (!…) that is not known; remove it, or put the value in quotes';
    case 'MULTIPLE_DOCS':
      return 'holds more than one YAML document; remove the --- line';
    default:
      return `is not valid YAML (${code}); check indentation, quotes and brackets of this line`;
  }
}

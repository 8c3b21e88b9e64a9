import { ProxyError } from '../errors.js';
import { commentTenants } from './sources/comment.js';
import { connectionAttributeValues } from './sources/connection-attribute.js';
import { databaseTenant } from './sources/database.js';
import { type QueryAttribute, queryAttributeValues } from './sources/query-attribute.js';
import type { TenantSource } from './sources/tenant-source.js';
import { splitUserSuffix } from './sources/user-suffix.js';
import { type AssignedValue, foldVariableName, UNEVALUABLE } from './sources/user-variable.js';

export interface TenantResolverOptions {
  /** In the configured order. */
  readonly sources: readonly TenantSource[];
  /** Anchored at both ends. */
  readonly pattern: RegExp;
  /** Whether a user variable or a query attribute may change a tenant that came with the connection. */
  readonly allowSwitch: boolean;
}

export interface ConnectionIdentity {
  /** Decoded CLIENT_CONNECT_ATTRS; a Map will do, a list of pairs keeps names that were sent twice. */
  readonly attributes: Iterable<readonly [string, string]>;
  /** The user name as the client sent it. */
  readonly user: string;
}

export type TenantState =
  | { readonly kind: 'tenant'; readonly tenant: string }
  /** What every statement that needs a tenant is answered. */
  | { readonly kind: 'refused'; readonly error: ProxyError };

/** What one statement says of its tenant itself, by query attributes and by comments. */
export interface StatementTenant {
  readonly attributes: readonly AssignedValue[];
  readonly comments: readonly AssignedValue[];
}

/** Of a statement that says nothing. */
export const NO_STATEMENT_TENANT: StatementTenant = { attributes: [], comments: [] };

/** Longer ids than any key store takes; the pattern, which the configuration writes, never runs on more. */
const MAX_TENANT_LENGTH = 255;

/**
 * Whose rows and key one session works with.
 *
 * Sources that came with the connection (attribute, user suffix) are fixed until the next login. A user variable
 * holds until the next SET or reset, `database` while the schema is current, query attributes and comments for their
 * statement. All that yield must agree; only where `allowSwitch` says so may a user variable or a query attribute
 * contradict the connection, and then it wins. `fixed` stands in when no other source yields. Whatever is wrong is
 * refused and never falls through to the next source: a mistyped tenant must not turn into the default one.
 */
export class TenantResolver {
  readonly #options: TenantResolverOptions;
  /** Folded name → the variables that are sources, in order. */
  readonly #variableNames: readonly string[];
  readonly #attributeNames: readonly string[];
  readonly #commentKeys: readonly string[];
  readonly #databasePatterns: readonly RegExp[];
  readonly #hasSuffix: boolean;
  readonly #fixed: string | undefined;
  readonly #variables = new Map<string, string>();
  #connection: string | undefined;
  #connectionError: ProxyError | undefined;
  #schema: string | null = null;
  #state: TenantState;

  constructor(options: TenantResolverOptions) {
    this.#options = options;
    const { sources } = options;
    this.#variableNames = sources.flatMap((source) =>
      source.kind === 'userVariable' ? [foldVariableName(source.name)] : [],
    );
    this.#attributeNames = sources.flatMap((source) =>
      source.kind === 'queryAttribute' ? [source.name] : [],
    );
    this.#commentKeys = sources.flatMap((source) => (source.kind === 'comment' ? [source.key] : []));
    this.#databasePatterns = sources.flatMap((source) =>
      source.kind === 'database' ? [source.pattern] : [],
    );
    this.#hasSuffix = sources.some((source) => source.kind === 'userSuffix');
    this.#fixed = sources.find((source) => source.kind === 'fixed')?.tenant;
    this.#state = this.#resolve(NO_STATEMENT_TENANT);
  }

  /** Whether query attributes are a source. */
  get readsAttributes(): boolean {
    return this.#attributeNames.length > 0;
  }

  /** Whether comments are a source. */
  get readsComments(): boolean {
    return this.#commentKeys.length > 0;
  }

  /**
   * At each login, COM_CHANGE_USER's too: forgets everything before it. Returns the user name for the backend.
   * Throws TC_LIMIT for a user name that may have been cut; other trouble shows in `current`.
   */
  onConnect({ attributes, user }: ConnectionIdentity): { readonly userForBackend: string } {
    this.#variables.clear();
    this.#connection = undefined;
    this.#connectionError = undefined;
    this.#schema = null;
    const suffixed = this.#hasSuffix ? splitUserSuffix(user) : { user, tenant: undefined };
    const pairs = [...attributes];
    for (const source of this.#options.sources) {
      if (source.kind === 'connectionAttribute') {
        for (const value of connectionAttributeValues(pairs, source.name)) this.#takeConnectionTenant(value);
      } else if (source.kind === 'userSuffix' && suffixed.tenant !== undefined) {
        this.#takeConnectionTenant(suffixed.tenant);
      }
    }
    this.#state = this.#resolve(NO_STATEMENT_TENANT);
    return { userForBackend: suffixed.user };
  }

  /** Whether an assignment to this user variable (decoded name, without `@`) is one of the tenant. */
  isTenantVariable(name: string): boolean {
    return this.#variableNames.includes(foldVariableName(name));
  }

  /**
   * Whether the assignment would be taken; changes nothing. For a statement with several assignments, which the
   * server takes whole or not at all. Throws what `onUserVariableAssignment` throws.
   */
  checkUserVariableAssignment(value: AssignedValue): void {
    if (value === UNEVALUABLE) {
      throw new ProxyError(
        'TC_BAD_TENANT',
        'the tenant is assigned a value that only the server could evaluate; assign a plain string or a parameter',
      );
    }
    if (value === null) return;
    if (this.#connectionError !== undefined) throw this.#connectionError;
    const bad = this.#problemOf(value);
    if (bad !== undefined) throw bad;
    if (this.#connection !== undefined && this.#connection !== value && !this.#options.allowSwitch) {
      throw new ProxyError(
        'TC_TENANT_PINNED',
        'the tenant came with the connection and a statement may not change it; open another connection, or set tenant.allowSwitch',
      );
    }
  }

  /**
   * A top-level SET of a tenant variable, with the value that the server will see. Throws, and changes nothing:
   * TC_BAD_TENANT (not of the pattern, or UNEVALUABLE), TC_TENANT_PINNED; then the statement must not be sent.
   * NULL clears the variable.
   */
  onUserVariableAssignment(name: string, value: AssignedValue): void {
    const folded = foldVariableName(name);
    if (!this.#variableNames.includes(folded)) return;
    this.checkUserVariableAssignment(value);
    if (value === null) this.#variables.delete(folded);
    else if (typeof value === 'string') this.#variables.set(folded, value);
    this.#state = this.#resolve(NO_STATEMENT_TENANT);
  }

  /** COM_RESET_CONNECTION: the server has forgotten all user variables. */
  onReset(): void {
    this.#variables.clear();
    this.#state = this.#resolve(NO_STATEMENT_TENANT);
  }

  /** The current schema as the server reports it; null: none. */
  onSchema(schema: string | null): void {
    if (schema === this.#schema || this.#databasePatterns.length === 0) return;
    this.#schema = schema;
    this.#state = this.#resolve(NO_STATEMENT_TENANT);
  }

  /** What the query attributes say of their statement's tenant. */
  ofAttributes(attributes: readonly QueryAttribute[]): readonly AssignedValue[] {
    return queryAttributeValues(attributes, this.#attributeNames);
  }

  /** What the comments say of their statement's tenant. @param comments one character a byte, delimiters included */
  ofComments(comments: readonly string[]): readonly AssignedValue[] {
    return commentTenants(comments, this.#commentKeys);
  }

  /**
   * The tenant of a statement, or why there is none. Without anything that the statement itself says: the session's,
   * the same object until something changes.
   */
  current(statement: StatementTenant = NO_STATEMENT_TENANT): TenantState {
    if (statement.attributes.length === 0 && statement.comments.length === 0) return this.#state;
    return this.#resolve(statement);
  }

  #takeConnectionTenant(value: string): void {
    const bad = this.#problemOf(value);
    if (bad !== undefined) this.#connectionError ??= bad;
    else if (this.#connection === undefined) this.#connection = value;
    else if (this.#connection !== value) this.#connectionError ??= mismatch();
  }

  #problemOf(tenant: string): ProxyError | undefined {
    if (tenant.length <= MAX_TENANT_LENGTH && this.#options.pattern.test(tenant)) return undefined;
    return new ProxyError('TC_BAD_TENANT', 'the tenant id does not match tenant.pattern; send a valid one');
  }

  #resolve({ attributes, comments }: StatementTenant): TenantState {
    if (this.#connectionError !== undefined) return { kind: 'refused', error: this.#connectionError };
    const switching: AssignedValue[] = [...this.#variables.values(), ...attributes];
    const given: AssignedValue[] = [...switching, ...comments];
    for (const pattern of this.#databasePatterns) {
      const tenant = databaseTenant(this.#schema, pattern);
      if (tenant !== undefined) given.push(tenant);
    }
    // An assignment that contradicts the connection got this far only because allowSwitch lets it. A comment alone
    // never outranks the connection: text is what an injection writes.
    const isSwitched = switching.length > 0 && this.#options.allowSwitch;
    if (this.#connection !== undefined && !isSwitched) given.push(this.#connection);
    const tenants = new Set<string>();
    for (const value of given) {
      const problem = typeof value === 'string' ? this.#problemOf(value) : unreadable();
      if (problem !== undefined) return { kind: 'refused', error: problem };
      if (typeof value === 'string') tenants.add(value);
    }
    if (tenants.size > 1) return { kind: 'refused', error: mismatch() };
    const [tenant = this.#fixed] = tenants;
    if (tenant !== undefined) return { kind: 'tenant', tenant };
    return {
      kind: 'refused',
      error: new ProxyError('TC_NO_TENANT', `no tenant is known for this session; ${this.#remedy()}`),
    };
  }

  #remedy(): string {
    const ways = this.#options.sources.map(wayToName).filter((way) => way !== '');
    return ways.length === 0 ? 'configure tenant.sources' : ways.join(' or ');
  }
}

function wayToName(source: TenantSource): string {
  switch (source.kind) {
    case 'connectionAttribute':
      return `connect with the attribute ${source.name}`;
    case 'userVariable':
      return `SET @${source.name} = '<tenant>'`;
    case 'userSuffix':
      return 'log in as <user>%<tenant>';
    case 'queryAttribute':
      return `send the query attribute ${source.name} with each statement`;
    case 'database':
      return "USE a tenant's schema";
    case 'comment':
      return `write the comment /*${source.key}='<tenant>'*/ into each statement`;
    case 'fixed':
      return '';
  }
}

function unreadable(): ProxyError {
  return new ProxyError(
    'TC_BAD_TENANT',
    "a query attribute or comment that names the tenant can't be read; send it as a string, or as sqlcommenter writes it",
  );
}

function mismatch(): ProxyError {
  return new ProxyError(
    'TC_TENANT_MISMATCH',
    'two sources name different tenants; let them agree or use one',
  );
}

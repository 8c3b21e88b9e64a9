import { ProxyError } from '../errors.js';
import { connectionAttributeValues } from './sources/connection-attribute.js';
import type { TenantSource } from './sources/tenant-source.js';
import { splitUserSuffix } from './sources/user-suffix.js';
import { type AssignedValue, foldVariableName, UNEVALUABLE } from './sources/user-variable.js';

export interface TenantResolverOptions {
  /** In the configured order. */
  readonly sources: readonly TenantSource[];
  /** Anchored at both ends. */
  readonly pattern: RegExp;
  /** Whether a user variable may change a tenant that came with the connection. */
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

/** Longer ids than any key store takes; the pattern, which the configuration writes, never runs on more. */
const MAX_TENANT_LENGTH = 255;

/**
 * Whose rows and key one session works with.
 *
 * Sources that came with the connection (attribute, user suffix) are fixed until the next login. A user variable
 * holds until the next SET or reset; it can't contradict the connection unless `allowSwitch` says so, and then it
 * wins. `fixed` stands in when no other source yields. Whatever is wrong is refused and never falls through to the
 * next source: a mistyped tenant must not turn into the default one.
 */
export class TenantResolver {
  readonly #options: TenantResolverOptions;
  /** Folded name → the variables that are sources, in order. */
  readonly #variableNames: readonly string[];
  readonly #hasSuffix: boolean;
  readonly #fixed: string | undefined;
  readonly #variables = new Map<string, string>();
  #connection: string | undefined;
  #connectionError: ProxyError | undefined;
  #state: TenantState;

  constructor(options: TenantResolverOptions) {
    this.#options = options;
    const { sources } = options;
    this.#variableNames = sources.flatMap((source) =>
      source.kind === 'userVariable' ? [foldVariableName(source.name)] : [],
    );
    this.#hasSuffix = sources.some((source) => source.kind === 'userSuffix');
    this.#fixed = sources.find((source) => source.kind === 'fixed')?.tenant;
    this.#state = this.#resolve();
  }

  /**
   * At each login, COM_CHANGE_USER's too: forgets everything before it. Returns the user name for the backend.
   * Throws TC_LIMIT for a user name that may have been cut; other trouble shows in `current`.
   */
  onConnect({ attributes, user }: ConnectionIdentity): { readonly userForBackend: string } {
    this.#variables.clear();
    this.#connection = undefined;
    this.#connectionError = undefined;
    const suffixed = this.#hasSuffix ? splitUserSuffix(user) : { user, tenant: undefined };
    const pairs = [...attributes];
    for (const source of this.#options.sources) {
      if (source.kind === 'connectionAttribute') {
        for (const value of connectionAttributeValues(pairs, source.name)) this.#takeConnectionTenant(value);
      } else if (source.kind === 'userSuffix' && suffixed.tenant !== undefined) {
        this.#takeConnectionTenant(suffixed.tenant);
      }
    }
    this.#state = this.#resolve();
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
    this.#state = this.#resolve();
  }

  /** COM_RESET_CONNECTION: the server has forgotten all user variables. */
  onReset(): void {
    this.#variables.clear();
    this.#state = this.#resolve();
  }

  /** The tenant of the next statement, or why there is none. The same object until something changes. */
  current(): TenantState {
    return this.#state;
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

  #resolve(): TenantState {
    if (this.#connectionError !== undefined) return { kind: 'refused', error: this.#connectionError };
    let variable: string | undefined;
    for (const value of this.#variables.values()) {
      if (variable !== undefined && variable !== value) return { kind: 'refused', error: mismatch() };
      variable = value;
    }
    // An assignment that contradicts the connection got here only because allowSwitch lets it.
    const tenant = variable ?? this.#connection ?? this.#fixed;
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
    case 'fixed':
      return '';
  }
}

function mismatch(): ProxyError {
  return new ProxyError(
    'TC_TENANT_MISMATCH',
    'two sources name different tenants; let them agree or use one',
  );
}

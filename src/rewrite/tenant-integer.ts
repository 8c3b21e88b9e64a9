import { ProxyError } from '../errors.js';

/** Only canonical integers name a tenant in an integer column: '01' would match tenant 1 (semantics.md 3). */
export function requireInteger(tenant: string): void {
  if (!/^(0|-?[1-9]\d{0,18})$/.test(tenant)) {
    throw new ProxyError(
      'TC_BAD_TENANT',
      'the tenant is no integer, but the tenant column is; correct the tenant or the configuration',
    );
  }
}

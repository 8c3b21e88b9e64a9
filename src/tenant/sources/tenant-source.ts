/** Where a tenant may come from; plain data, as the configuration names it. */
export type TenantSource =
  | { readonly kind: 'connectionAttribute'; readonly name: string }
  | { readonly kind: 'userVariable'; readonly name: string }
  | { readonly kind: 'userSuffix' }
  | { readonly kind: 'queryAttribute'; readonly name: string }
  /** Anchored at both ends; the tenant is the group `tenant`, else the first group, else the whole name. */
  | { readonly kind: 'database'; readonly pattern: RegExp }
  | { readonly kind: 'comment'; readonly key: string }
  | { readonly kind: 'fixed'; readonly tenant: string };

/** Where a tenant may come from; plain data, as the configuration names it. */
export type TenantSource =
  | { readonly kind: 'connectionAttribute'; readonly name: string }
  | { readonly kind: 'userVariable'; readonly name: string }
  | { readonly kind: 'userSuffix' }
  | { readonly kind: 'fixed'; readonly tenant: string };

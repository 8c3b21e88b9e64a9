import type { BackendParameter, ComparedParameter } from './plan.js';

/** A client's parameter in a comparison that follows one by ciphertext. */
export function rechecked(
  parameter: BackendParameter,
  compared: readonly ComparedParameter[],
): BackendParameter {
  if (parameter.source !== 'client' || parameter.role.kind !== 'plain') return parameter;
  return { ...parameter, role: { ...parameter.role, kind: 'recheck', compared } };
}

/** A constant's parameter where the text has the place for ciphertext. */
export function encrypted(parameter: BackendParameter): BackendParameter {
  if (parameter.source !== 'client' || parameter.role.kind !== 'constant') return parameter;
  return { ...parameter, role: { ...parameter.role, encrypted: true } };
}

/** The environment, as `process.env` has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

export type Interpolation =
  | { readonly ok: true; readonly value: string; readonly substituted: boolean }
  | { readonly ok: false; readonly message: string };

const REFERENCE = /\$\$\{|\$\{([^}]*)(\}?)/g;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * `${NAME}` in a scalar becomes the environment's value, taken as it is and never expanded again; `$${` stands for
 * `${`. A variable that is not set is an error, since an empty password or host would otherwise be used in silence.
 */
export function interpolate(text: string, env: Environment): Interpolation {
  let message: string | undefined;
  let substituted = false;
  const value = text.replace(
    REFERENCE,
    (match: string, name: string | undefined, close: string | undefined) => {
      if (match === '$${') return '${';
      if (close !== '}') {
        message ??= `has \${ without a closing brace; write \${NAME}, or $\${ for the two characters`;
        return match;
      }
      if (name === undefined || !VARIABLE.test(name)) {
        message ??= `has \${…} that names no environment variable; write \${NAME}, or $\${ for the two characters`;
        return match;
      }
      const found = Object.hasOwn(env, name) ? env[name] : undefined;
      if (found === undefined) {
        message ??= `needs the environment variable ${name}, which is not set; set it`;
        return match;
      }
      substituted = true;
      return found;
    },
  );
  return message === undefined ? { ok: true, value, substituted } : { ok: false, message };
}

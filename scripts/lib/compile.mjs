// JavaScript out of the checkout's TypeScript, for the scripts that run it: the product in dist/, harnesses in
// .cache/tools/. Types are what `npm test` checks; leaving that out makes a start several times quicker.
import { join } from 'node:path';
import { ensureNpm } from './ensure-npm.mjs';
import { capture, repositoryRoot } from './run.mjs';

/** @param {string} project a tsconfig file of the checkout */
function compile(project) {
  const tsc = join(repositoryRoot(), 'node_modules/typescript/bin/tsc');
  const { status, stdout, stderr } = capture(process.execPath, [tsc, '-p', project, '--noCheck']);
  if (status !== 0) throw new Error(`tsc -p ${project} exited with ${status}:\n${stdout}${stderr}`);
}

/**
 * Installs the packages when they are missing, then compiles the product and the harnesses.
 * @returns {{ product: string, tools: string }} the product's main file; the folder that mirrors the checkout
 * @throws {Error} when npm or tsc fails
 */
export function compileAll() {
  ensureNpm();
  compile('tsconfig.build.json');
  compile('tsconfig.tools.json');
  const root = repositoryRoot();
  return { product: join(root, 'dist/main.js'), tools: join(root, '.cache/tools') };
}

/**
 * Runs the `main` function of a compiled harness with the command line's arguments; what it returns is the exit
 * status. A failure that nothing caught is one line and status 1.
 * @param {string} harness path under .cache/tools, e.g. `demo/main.js`
 */
export async function runHarness(harness) {
  try {
    const { tools } = compileAll();
    const { main } = await import(join(tools, harness));
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  }
}

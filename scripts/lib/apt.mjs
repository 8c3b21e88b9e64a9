// Debian packages, in two ways: installed (needs root), or unpacked into a folder of ours (needs nothing).
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withLock } from './cache.mjs';
import { asRoot, capture, captureOrThrow, findExecutable, say } from './run.mjs';

const ARCHIVE_KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * Installs packages on the machine without starting their services. Uses root or passwordless sudo.
 * @param {readonly string[]} packages
 * @returns {string | null} null when done, else why not, in one line
 */
export function aptInstall(packages) {
  if (findExecutable('apt-get') === null) return 'there is no apt-get on this machine';
  if (asRoot('true', []) === null) return 'installing packages needs root or passwordless sudo';
  return withLock('apt', () => {
    say(`installing ${packages.join(' ')} with apt-get`);
    const noServices = blockServiceStarts();
    try {
      for (const args of [
        ['update', '-q'],
        ['install', '-y', '-q', '--no-install-recommends', ...packages],
      ]) {
        const command = asRoot('env', [
          'DEBIAN_FRONTEND=noninteractive',
          'apt-get',
          '-o',
          'DPkg::Lock::Timeout=300',
          ...args,
        ]);
        if (command === null) return 'installing packages needs root or passwordless sudo';
        const result = capture(command[0], command[1]);
        if (result.status !== 0) {
          const reason =
            result.stderr.split('\n').find((line) => line.startsWith('E:')) ?? `exit ${result.status}`;
          return `apt-get ${args[0]} failed: ${reason}`;
        }
      }
      return null;
    } finally {
      noServices();
    }
  });
}

/**
 * A database package starts a server on port 3306 when it is installed. invoke-rc.d asks /usr/sbin/policy-rc.d first
 * (Debian policy, "policy-rc.d interface"); 101 forbids.
 * @returns {() => void} puts things back as they were
 */
function blockServiceStarts() {
  const policy = '/usr/sbin/policy-rc.d';
  if (existsSync(policy)) return () => {};
  const folder = mkdtempSync(join(tmpdir(), 'tc-policy-'));
  const script = join(folder, 'policy-rc.d');
  writeFileSync(script, '#!/bin/sh\nexit 101\n');
  chmodSync(script, 0o755);
  const install = asRoot('install', ['-m', '755', script, policy]);
  if (install !== null) captureOrThrow(install[0], install[1]);
  rmSync(folder, { recursive: true, force: true });
  return () => {
    const remove = asRoot('rm', ['-f', policy]);
    if (remove !== null) capture(remove[0], remove[1]);
  };
}

/**
 * @typedef {object} Mirror
 * @property {string} uri
 * @property {string} signedBy keyring file, or empty for the machine's own trusted keys
 */

/**
 * The Debian mirror that the machine's own apt sources name.
 * @returns {Mirror | null}
 */
export function debianMirror() {
  const format = '$(REPO_URI)\t$(RELEASE)\t$(COMPONENT)\t$(SIGNED_BY)\t$(ORIGIN)\t$(LABEL)';
  const listed = capture('apt-get', ['indextargets', '--format', format, 'Created-By: Packages']);
  const rows = listed.stdout
    .split('\n')
    .filter((line) => line.includes('\t'))
    .map((line) => {
      const [uri = '', release = '', component = '', signedBy = '', origin = '', label = ''] =
        line.split('\t');
      return { uri, release, component, signedBy, origin, label };
    })
    // Security archives carry no sid; other vendors' repositories no Debian packages.
    .filter(
      (row) =>
        row.component === 'main' && !row.release.includes('security') && row.label !== 'Debian-Security',
    );
  const chosen =
    rows.find((row) => row.origin === 'Debian') ?? rows.find((row) => /\/debian\/?$/.test(row.uri)) ?? null;
  if (chosen === null) return null;
  const own = chosen.signedBy.startsWith('/') ? chosen.signedBy : '';
  return { uri: chosen.uri, signedBy: existsSync(ARCHIVE_KEYRING) ? ARCHIVE_KEYRING : own };
}

/**
 * Opens a private apt root: its own sources, lists and package database, so that nothing of the machine's apt changes.
 * Release files are verified by apt with Debian's archive keyring, package files against the signed lists.
 * @param {string} suite e.g. `sid`
 * @param {string} folder an existing empty folder
 * @param {readonly string[]} assumeInstalled packages that are not needed although something depends on them
 * @returns {{ apt: (tool: string, args: readonly string[], cwd?: string) => import('./run.mjs').RunResult }}
 */
export function openPrivateApt(suite, folder, assumeInstalled) {
  const mirror = debianMirror();
  if (mirror === null) throw new Error("the machine's apt sources name no Debian mirror");
  for (const part of ['state/lists/partial', 'cache/archives/partial', 'none']) {
    mkdirSync(join(folder, part), { recursive: true });
  }
  const architecture = captureOrThrow('dpkg', ['--print-architecture']).trim();
  const options = mirror.signedBy === '' ? '' : `[signed-by=${mirror.signedBy}] `;
  writeFileSync(join(folder, 'sources.list'), `deb ${options}${mirror.uri} ${suite} main\n`);
  writeFileSync(
    join(folder, 'status'),
    assumeInstalled
      .map((name) => {
        const fields = [
          `Package: ${name}`,
          'Status: install ok installed',
          'Maintainer: none',
          'Version: 999',
        ];
        return [
          ...fields,
          `Architecture: ${architecture}`,
          'Multi-Arch: allowed',
          'Description: assumed',
          '',
        ].join('\n');
      })
      .join('\n'),
  );
  // How the machine reaches its mirror (proxies, timeouts) is kept; its hooks and extra index files are not.
  const network = captureOrThrow('apt-config', ['dump'])
    .split('\n')
    .filter((line) => /^Acquire::(?!IndexTargets|Languages|GzipIndexes|Changelogs|Snapshots)/.test(line));
  const config = join(folder, 'apt.conf');
  writeFileSync(
    config,
    [
      `Dir::State "${folder}/state";`,
      `Dir::State::status "${folder}/status";`,
      `Dir::Cache "${folder}/cache";`,
      `Dir::Etc::SourceList "${folder}/sources.list";`,
      `Dir::Etc::SourceParts "${folder}/none";`,
      'Dir::Etc::Preferences "/dev/null";',
      `Dir::Etc::PreferencesParts "${folder}/none";`,
      'Dir::Etc::Main "/dev/null";',
      `Dir::Etc::Parts "${folder}/none";`,
      'APT::Sandbox::User "";',
      'APT::Install-Recommends "false";',
      'Acquire::Languages "none";',
      ...network,
      '',
    ].join('\n'),
  );
  const env = { APT_CONFIG: config, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  const apt = (/** @type {string} */ tool, /** @type {readonly string[]} */ args, cwd = folder) =>
    capture(tool, args, { env, cwd });
  const update = apt('apt-get', ['-q', '-o', 'APT::Update::Error-Mode=any', 'update']);
  if (update.status !== 0) {
    const reason = `${update.stderr}\n${update.stdout}`.split('\n').find((line) => /^(E|W|Err):?/.test(line));
    throw new Error(`apt-get update for ${suite} failed: ${(reason ?? '').trim()}`);
  }
  return { apt };
}

/**
 * Downloads packages with all they depend on and unpacks them, without installing: `root` becomes a file tree with
 * its own C library and dynamic loader.
 * @param {ReturnType<typeof openPrivateApt>} opened
 * @param {string} folder the private apt root's folder
 * @param {readonly string[]} packages
 * @param {string} root an existing empty folder
 * @returns {string[]} names of the package files
 */
export function unpackPackages(opened, folder, packages, root) {
  const result = opened.apt('apt-get', ['-y', '-q', '--download-only', 'install', ...packages]);
  if (result.status !== 0) {
    const reason = result.stderr.split('\n').find((line) => line.startsWith('E:')) ?? `exit ${result.status}`;
    throw new Error(`apt-get download failed: ${reason}`);
  }
  const archives = join(folder, 'cache/archives');
  const files = readdirSync(archives).filter((name) => name.endsWith('.deb'));
  if (files.length === 0) throw new Error('apt-get downloaded nothing');
  for (const file of files) captureOrThrow('dpkg-deb', ['-x', join(archives, file), root]);
  return files;
}

/**
 * The environment in an unpacked tree: its dynamic loader and library folders.
 * @param {string} root
 * @returns {{ loader: string, libraryPath: string }}
 */
export function unpackedLoader(root) {
  /** @type {string[]} */
  const folders = [];
  /** @type {string | null} */
  let loader = null;
  for (const base of ['usr/lib', 'lib', 'usr/lib64', 'lib64']) {
    const folder = join(root, base);
    if (!existsSync(folder)) continue;
    folders.push(folder);
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory() && /-linux-/.test(entry.name)) folders.unshift(join(folder, entry.name));
    }
  }
  for (const folder of folders) {
    const name = readdirSync(folder).find((file) => /^ld-linux.*\.so\.\d+$/.test(file));
    // Through the regular file, since lib64/ld-linux… is an absolute link into the machine's own tree.
    if (name !== undefined && loader === null) loader = join(folder, name);
  }
  if (loader === null) throw new Error(`no dynamic loader under ${root}`);
  return { loader, libraryPath: folders.join(':') };
}

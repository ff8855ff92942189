// Completes package-lock.json after `npm install`: a registry that serves one platform only leaves
// the optional packages of other platforms out, and `npm ci` then refuses the file. Their entries
// follow from their names; download addresses are removed. Further lock files may be named.
import { readFileSync, writeFileSync } from 'node:fs';

const word = (name, ...choices) => choices.find((choice) => name.split('-').includes(choice));

function entryOf(name, version, dev) {
  const cpu = word(name, 'arm64', 'x64', 'ia32', 'ppc64', 's390x', 'loong64', 'riscv64') ?? 'arm';
  const os = word(name, 'android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32');
  if (os === undefined) throw new Error(`no platform in the name ${name}`);
  const libc = name.includes('-musl') ? ['musl'] : os === 'linux' ? ['glibc'] : undefined;
  return {
    version,
    cpu: [cpu],
    ...(dev ? { dev } : {}),
    ...(libc ? { libc } : {}),
    optional: true,
    os: [os],
  };
}

function present(packages, from, name) {
  for (
    let folder = from;
    ;
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))
  ) {
    if (`${folder === '' ? '' : `${folder}/`}node_modules/${name}` in packages) return true;
    if (folder === '') return false;
  }
}

const files = process.argv.length > 2 ? process.argv.slice(2) : ['package-lock.json'];
for (const file of files) {
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const { packages } = lock;
  for (const [path, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
    delete packages[path].resolved;
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (present(packages, path, name)) continue;
      packages[`node_modules/${name}`] = entryOf(name, version, dev);
    }
  }
  lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

// Each check refuses a fault that is planted in a small tree, and accepts the tree without it.
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tensorwright-checks-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function plant(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

function check(script: string, target = root): { status: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`scripts/${script}`, target], {
    encoding: 'utf8',
  });
  return { status, text: stdout + stderr };
}

describe('layer check', () => {
  const sound = {
    'native/base/a.h': '#include <vector>\n',
    'native/kernels/k.cc': '#include "base/a.h"\n#include "tensor/dtype.h"\n',
    'lib/a.ts': "import { b } from './b.js';\nexport const a = b;\n",
    'lib/b.ts': "import type { a } from './a.js';\nexport const b: typeof a = 1;\n",
  };

  test('accepts a tree in order', () => {
    plant(sound);
    expect(check('check-layers.mjs')).toEqual({ status: 0, text: '' });
  });

  test.each([
    [
      'an upward include',
      'native/base/x.h',
      '#include "graph/node.h"\n',
      /base may not reach graph/,
    ],
    [
      'a sibling include',
      'native/simd/x.h',
      '#include "tensor/tensor.h"\n',
      /may not reach tensor/,
    ],
    [
      'a forbidden header of an allowed floor',
      'native/kernels/x.cc',
      '#include "tensor/tensor.h"\n',
      /kernels/,
    ],
    ['a folder without a floor', 'native/helpers/x.h', '\n', /no floor/],
    ['napi outside the binding', 'native/runtime/x.cc', '#include <napi.h>\n', /only binding/],
    ['a second loader', 'lib/x.ts', "require('./x.node');\n", /only lib\/binding\.ts/],
    [
      'an import circle',
      'lib/b.ts',
      "import { a } from './a.js';\nexport const b = a;\n",
      /circle/,
    ],
  ])('refuses %s', (_, path, text, message) => {
    plant({ ...sound, [path]: text });
    const result = check('check-layers.mjs');
    expect(result.status).toBe(1);
    expect(result.text).toMatch(message);
  });
});

describe('source check', () => {
  const sound = {
    'native/sources.gypi': JSON.stringify({
      variables: {
        native_flags: ['-Wall'],
        native_link_flags: [],
        core_sources: ['native/base/a.cc'],
        binding_sources: [],
        native_tests: [],
      },
    }),
    'native/base/a.cc': 'int a;\n',
    'CMakeLists.txt': 'project(x)\n',
    'binding.gyp': '{}\n',
  };

  function checked(files: Record<string, string>): { status: number | null; text: string } {
    plant(files);
    spawnSync('git', ['init', '-q'], { cwd: root });
    spawnSync('git', ['add', '-A'], { cwd: root });
    return check('check-sources.mjs');
  }

  test('accepts a tree in order', () => {
    expect(checked(sound)).toEqual({ status: 0, text: '' });
  });

  const machinePath = ['', 'home', 'someone', 'x'].join('/');
  test.each([
    ['a file that is not listed', 'native/base/b.cc', 'int b;\n', /missing in core_sources/],
    [
      'a listed file that is absent',
      'native/sources.gypi',
      sound['native/sources.gypi'].replace('a.cc', 'c.cc'),
      /does not exist/,
    ],
    ['a machine flag', 'CMakeLists.txt', 'add_compile_options(-mavx2)\n', /-mavx2/],
    ['a long file', 'lib/long.ts', 'x;\n'.repeat(501), /501 lines/],
    ['a path of a machine', 'docs/x.md', `see ${machinePath}\n`, /absolute path/],
    ['a letter outside ASCII', 'lib/x.ts', `// ${String.fromCharCode(0xe9)}\n`, /not ASCII/],
  ])('refuses %s', (_, path, text, message) => {
    const result = checked({ ...sound, [path]: text });
    expect(result.status).toBe(1);
    expect(result.text).toMatch(message);
  });
});

describe('kernel check', () => {
  const wide = (namespace: string) => `
    #pragma GCC push_options
    #pragma GCC target("avx2")
    namespace ${namespace} { void twice(float* x) { for (int i = 0; i < 8; ++i) x[i] += x[i]; } }
    #pragma GCC pop_options
  `;
  const compiled = (code: string): string => {
    plant({ 'x.cc': code });
    const object = join(root, 'x.o');
    spawnSync('g++', ['-O3', '-c', join(root, 'x.cc'), '-o', object]);
    return object;
  };
  const onX64 = process.arch === 'x64' && process.platform === 'linux' ? test : test.skip;

  onX64('accepts wide code in its own namespace', () => {
    expect(check('check-kernels.mjs', compiled(wide('avx2'))).status).toBe(0);
  });
  onX64('refuses wide code elsewhere', () => {
    const result = check('check-kernels.mjs', compiled(wide('shared')));
    expect(result.status).toBe(1);
    expect(result.text).toMatch(/shared::twice/);
  });
});

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { io } from '../../lib/index.js';

// The examples as a user runs them: `node examples/NAME/main.mjs`, with options for little work.
let project: { folder: string; env: Record<string, string> };
let scratch: string;

beforeAll(() => {
  const made = execFileSync(process.execPath, ['scripts/examples-project.mjs'], {
    cwd: join(__dirname, '..', '..'),
    encoding: 'utf8',
  });
  project = JSON.parse(made);
  scratch = mkdtempSync(join(tmpdir(), 'tensorwright-examples-'));
}, 60_000);

afterAll(() => {
  for (const folder of [project.folder, scratch]) rmSync(folder, { recursive: true, force: true });
});

const options = () => ({ cwd: project.folder, env: { ...process.env, ...project.env } });
const argsOf = (name: string, args: string) => [
  join('examples', name, 'main.mjs'),
  ...args.split(' ').filter((part) => part !== ''),
];

/** What an example prints. */
function run(name: string, args = ''): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, argsOf(name, args), {
    ...options(),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${name} ${args} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

/** The last number that stands before or behind a text. */
function numberIn(text: string, pattern: RegExp): number {
  const matches = [...text.matchAll(pattern)];
  expect(matches).not.toHaveLength(0);
  return Number(matches.at(-1)?.[1]);
}

test('the demo learns the digits that it draws', () => {
  const stdout = run('demo', '--train 3200 --test 500');
  expect(stdout).toMatch(/classified 500 digits .* images\/s, 9\d\.\d+ % right/);
  expect(stdout).toMatch(/confusion: .*(\n.*){11}/);
  expect(stdout).toMatch(/This is a \d \(\d+\.\d %\)\./);
}, 60_000);

test('linear-regression finds the line', () => {
  const stdout = run('linear-regression');
  expect(numberIn(stdout, /y = (-?[\d.]+) x/g)).toBeCloseTo(3, 1);
  expect(numberIn(stdout, /x \+ (-?[\d.]+),/g)).toBeCloseTo(-2, 1);
}, 60_000);

test('iris tells the kinds apart', () => {
  const stdout = run('iris');
  expect(numberIn(stdout, /test ([\d.]+) % right/g)).toBeGreaterThan(90);
  expect(stdout).toMatch(/setosa +10 +0 +0\n/);
}, 60_000);

test('autoencoder draws digits from a few numbers', () => {
  const stdout = run('autoencoder', '--digits 1500 --epochs 6');
  expect(stdout.match(/^code:( -?\d+\.\d){24}$/gm)).toHaveLength(3);
  // Each row has the digit, the noisy one, and what is drawn from the code.
  expect(stdout.match(/^[^|]{56}\|[^|]{56}\|[^|]{56}$/gm)).toHaveLength(3 * 28);
  // Images without any ink would be 0.09 away.
  expect(numberIn(stdout, /mean squared error: ([\d.]+)/g)).toBeLessThan(0.06);
}, 60_000);

test('fine-tuning teaches a network of an ONNX file a new kind of digit', () => {
  const stdout = run('fine-tuning');
  expect(stdout).toMatch(/^conv1\.weight \[8, 1, 3, 3\]$/m);
  const before = numberIn(stdout, /as it came: .*, ([\d.]+) % of lying/g);
  const after = numberIn(stdout, /fine-tuned: .*, ([\d.]+) % of lying/g);
  expect(before).toBeLessThan(30);
  expect(after).toBeGreaterThan(70);
}, 60_000);

describe('mnist', () => {
  const little = '--digits 750 --batch 32 --epochs 3';

  /** The variables in the last checkpoint of a run. */
  async function weightsOf(folder: string) {
    const files = readdirSync(join(folder, 'checkpoints')).sort();
    return (await io.loadSafetensors(join(folder, 'checkpoints', files.at(-1) ?? ''))).tensors;
  }

  /** Stops a run by Ctrl+C when it has done its first epoch. */
  async function interrupted(args: string): Promise<string> {
    const child = spawn(process.execPath, argsOf('mnist', args), options());
    let stdout = '';
    child.stdout.on('data', (data) => {
      stdout += data;
    });
    child.stderr.on('data', (data) => {
      if (String(data).includes('epoch 1/')) child.kill('SIGINT');
    });
    await new Promise((resolve) => child.on('close', resolve));
    return stdout;
  }

  test('learns augmented digits', () => {
    const stdout = run('mnist', '--digits 1500 --batch 32 --epochs 3 --augment');
    expect(stdout).toMatch(/^1500 drawn digits$/m);
    expect(numberIn(stdout, /finished after .* s, ([\d.]+) % right/g)).toBeGreaterThan(80);
  }, 60_000);

  test('the weights are the same for 1 and 2 threads, and after an interruption', async () => {
    const [one, two, resumed] = ['one', 'two', 'resumed'].map((name) => join(scratch, name));
    run('mnist', `${little} --threads 1 --run ${one}`);
    run('mnist', `${little} --threads 2 --run ${two}`);
    expect(await interrupted(`${little} --run ${resumed}`)).toMatch(/^aborted after/m);
    expect(run('mnist', `${little} --run ${resumed}`)).toMatch(/^finished after/m);
    const expected = Object.entries(await weightsOf(one ?? ''));
    expect(expected.length).toBeGreaterThan(20);
    for (const folder of [two, resumed]) {
      const weights = await weightsOf(folder ?? '');
      const differing = expected.filter(([name, value]) => !weights[name]?.equals(value));
      expect(differing.map(([name]) => name)).toEqual([]);
    }
  }, 120_000);
});

test('character-lstm learns a text by heart and writes it, also from a file', () => {
  const file = join(scratch, 'lstm.safetensors');
  const stdout = run('character-lstm', `--save ${file}`);
  expect(numberIn(stdout, /loss ([\d.]+)/g)).toBeLessThan(0.05);
  const poem = readFileSync(join(project.folder, 'examples/character-lstm/tyger.txt'), 'utf8');
  expect(stdout).toContain(`\n${poem}`);
  expect(run('character-lstm', `--load ${file}`)).toContain(`\n${poem}`);
}, 60_000);

describe('language-model', () => {
  test('learns a text by heart and writes it, also from a file', () => {
    const text = 'a rose is a rose is a rose and what is in a name is no rose but a name';
    const [tiny, file] = [join(scratch, 'tiny.txt'), join(scratch, 'language.safetensors')];
    writeFileSync(tiny, text);
    const size = `--text ${tiny} --context 19 --width 32 --layers 2 --likely`;
    const stdout = run('language-model', `${size} --epochs 150 --save ${file}`);
    expect(numberIn(stdout, /loss ([\d.]+)/g)).toBeLessThan(0.05);
    expect(stdout).toContain(`\n${text}\n`);
    expect(run('language-model', `${size} --load ${file}`)).toBe(`\n${text}\n`);
  }, 60_000);

  test('learns a grammar', () => {
    const stdout = run('language-model', '--words 20000 --epochs 3 --layers 2');
    expect(numberIn(stdout, /loss ([\d.]+)/g)).toBeLessThan(1.6);
    expect(numberIn(stdout, /of (\d+) sentences are right/g)).toBeGreaterThan(5);
  }, 60_000);
});

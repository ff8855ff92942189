// The runnable examples of a Markdown text: its fenced js, mjs, cjs and ts blocks that load the
// package, and the two forms that each of them runs in.

const loads = /from 'tensorwright[\w/]*'|require\('tensorwright[\w/]*'\)/;

export function examplesOf(markdown) {
  return examplesWithOutput(markdown).map(({ code }) => code);
}

// The examples with what they print: the text block that follows, if there is one.
export function examplesWithOutput(markdown) {
  const block =
    /^```(?:js|mjs|cjs|javascript)[^\n]*\n([\s\S]*?)^```\n(?:\n```text\n([\s\S]*?)^```)?/gm;
  return [...markdown.matchAll(block)]
    .map(([, code, output]) => ({ code, output }))
    .filter(({ code }) => loads.test(code));
}

// The command lines of the package that stand in its sh blocks.
export function commandsOf(markdown) {
  const blocks = [...markdown.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, text]) => text);
  return blocks
    .flatMap((text) => text.replace(/\\\n\s*/g, '').split('\n'))
    .filter((line) => line.startsWith('npx tensorwright '))
    .map((line) => line.slice('npx tensorwright '.length).trim().split(/\s+/));
}

// An example is written with import and top-level await, or with require and an async function.
export function asRequire(code) {
  if (code.includes('require(')) return code;
  const imports = [];
  const body = code.replace(/^import\s+([^;]+?)\s+from\s+('[^']+');?$/gm, (_, names, from) => {
    const star = /^\*\s+as\s+(\w+)$/.exec(names);
    const target = star === null ? names.replace(/\s+as\s+/g, ': ') : star[1];
    imports.push(`const ${target} = require(${from});`);
    return '';
  });
  const main = 'main().catch((error) => { console.error(error); process.exitCode = 1; });';
  return `${imports.join('\n')}\nasync function main() {\n${body}}\n${main}\n`;
}

export function asImport(code) {
  return code.replace(
    /^(?:const|let|var)\s+(\{[^}]*\}|\w+)\s*=\s*require\(('[^']+')\);?$/gm,
    (_, names, from) =>
      names.startsWith('{')
        ? `import ${names.replace(/(\w+)\s*:\s*(\w+)/g, '$1 as $2')} from ${from};`
        : `import * as ${names} from ${from};`,
  );
}

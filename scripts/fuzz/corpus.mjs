// The model files that fuzzing starts from, with all that their changes draw from.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readTree, treesIn } from './wire.mjs';

const largest = 8 << 10;

class Corpus {
  files = [];
  roots = [];
  #trees = new Map();
  #texts = new Map();

  add(bytes) {
    const root = readTree(bytes);
    this.files.push(bytes);
    this.roots.push(root);
    for (const tree of treesIn(root)) {
      listIn(this.#trees, tree.type).push(tree);
      for (const { number, wire, value } of tree.fields) {
        if (wire === 2 && !value.fields && value.length < 100) {
          listIn(this.#texts, `${tree.type}.${number}`).push(value);
        }
      }
    }
  }

  trees(type) {
    return this.#trees.get(type) ?? [{ type, fields: [] }];
  }

  texts(type, number) {
    return this.#texts.get(`${type}.${number}`) ?? [Buffer.alloc(0)];
  }
}

function listIn(map, key) {
  if (!map.has(key)) map.set(key, []);
  return map.get(key);
}

/** The corpus of some folders, and of the models that the tests of operator versions make. */
export function corpusOf(folders) {
  const corpus = new Corpus();
  for (const folder of folders) addFolder(corpus, folder);
  if (folders.length === 0) for (const bytes of versionModels()) corpus.add(bytes);
  return corpus;
}

function versionModels() {
  const require = createRequire(import.meta.url);
  require('../typescript.cjs');
  return require('../../test/onnx/versions/index.ts').versionModels();
}

/** The small models in a folder and the folders in it, in the order of their names. */
function addFolder(corpus, folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort(byName)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) addFolder(corpus, path);
    else if (entry.name.endsWith('.onnx') && statSync(path).size < largest) {
      corpus.add(readFileSync(path));
    }
  }
}

const byName = (a, b) => (a.name < b.name ? -1 : 1);

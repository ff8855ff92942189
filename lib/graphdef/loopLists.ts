import { int32 } from './beside.js';
import { functionsOf } from './functions.js';
import { listOfItems, readTensors } from './listNodes.js';
import { type Body, redirected, tensorOf } from './listUses.js';
import { type Filled, type LoopView, loopIn, takesToRead } from './loopView.js';
import { NodeIndex } from './nodeIndex.js';
import type { NodeDef } from './types.js';
import type { WorkFunction, WorkGraph } from './workGraph.js';

/**
 * Each use of a function has its own, so those that hold others twice grow fast: as many nodes for
 * each one that is written, and some more. Lists in further functions stay lists.
 */
const kMostUses = 4;
const kMostNodes = 400;

/**
 * Has loops take tensors for lists that are the slices of these, and stack what they add to a list
 * step by step: what was a list is made of the tensor by TensorListFromTensor, and whoever reads
 * such a list reads the tensor. So they have gradients and known shapes; other uses are of the list.
 */
export function useTensorsInLoops(graph: WorkGraph): void {
  const done = new Set<Body>();
  const sizes = [...graph.bodies()].map(({ nodes }) => nodes.size);
  const limit = { left: kMostNodes + kMostUses * sizes.reduce((sum, size) => sum + size, 0) };
  const visit = (body: Body): void => {
    limit.left -= body.nodes.size;
    if (done.has(body) || limit.left < 0) return;
    done.add(body);
    for (const node of [...body.nodes]) {
      if (/^(Stateless)?If$/.test(node.op)) replaceBranches(graph, body, node);
      // One of ours stacks already.
      const isOurs = (node.attr?.Tcollected?.list?.type?.length ?? 0) > 0;
      if (isOurs || !/^(Stateless)?While$/.test(node.op)) continue;
      const loop = loopIn(body, node, graph.functions);
      if (loop) replace(graph, loop);
    }
    readTensors(body.nodes);
    for (const name of [...body.nodes].flatMap(functionsOf)) {
      const fn = graph.functions.get(name);
      if (fn) visit(fn);
    }
  };
  visit(graph);
}

/** Results of the loop keep their places; a list that it fills stays what it was given. */
function replace(graph: WorkGraph, loop: LoopView): void {
  const { node, inputs, types, outer } = loop;
  const read = new Set(loop.places((k) => loop.isRead(k)));
  const filled = loop.places((k) => !read.has(k)).flatMap((k) => loop.filled(k) ?? []);
  if (read.size + filled.length === 0) return;
  const given = inputs.map((ref, k) => {
    const tensor = read.has(k) ? tensorOf(outer.nodes, ref) : undefined;
    return tensor ?? { ref, type: types[k]! };
  });
  const taken = new Map([...read].map((k) => [k, given[k]!.type] as const));
  const collected = filled.filter(({ state }) => state === undefined);
  const named = ({ signature }: WorkFunction) => graph.functionName(`${signature.name}_tensors`);
  const [cond, body] = [named(loop.condition), named(loop.step)];
  graph.functions.set(cond, taking(loop.condition, cond, taken));
  graph.functions.set(body, giving(taking(loop.step, body, taken), taken, filled, collected));
  const controls = (node.input ?? []).filter((ref) => ref.startsWith('^'));
  outer.nodes.set({
    ...node,
    input: [...given.map(({ ref }) => ref), ...controls],
    attr: {
      ...node.attr,
      T: { list: { type: given.map(({ type }) => type) } },
      Tcollected: { list: { type: collected.map(({ type }) => type) } },
      cond: { func: { name: cond } },
      body: { func: { name: body } },
    },
  });
  for (const k of read) redirected(outer, `${node.name}:${k}`, inputs[k]!);
  for (const list of filled) {
    const place = list.state ?? types.length + collected.indexOf(list);
    const made = listOfItems(node, `${node.name}:${place}`, list);
    redirected(outer, `${node.name}:${list.k}`, made.at(-1)!.name);
    for (const each of made) outer.nodes.add(each);
  }
}

/** Has branches take tensors for lists that are the slices of these. */
function replaceBranches(graph: WorkGraph, { nodes }: Body, node: NodeDef): void {
  const { input = [], attr = {} } = node;
  const [then, other] = [attr.then_branch, attr.else_branch].map((branch) =>
    graph.functions.get(branch?.func?.name ?? ''),
  );
  if (!then || !other) return;
  const taken = new Map<number, string>();
  const types = [...(attr.Tin?.list?.type ?? [])];
  const inputs = [...input];
  for (const [k, type] of types.entries()) {
    const tensor = type === 'DT_VARIANT' ? tensorOf(nodes, input[k + 1]!) : undefined;
    const isRead = [then, other].every((fn) => takesToRead(fn, k, graph.functions));
    if (!tensor || !isRead) continue;
    taken.set(k, tensor.type);
    types[k] = tensor.type;
    inputs[k + 1] = tensor.ref;
  }
  if (taken.size === 0) return;
  const [thenName, otherName] = [then, other].map((fn) => {
    const name = graph.functionName(`${fn.signature.name}_tensors`);
    graph.functions.set(name, taking(fn, name, taken));
    return { func: { name } };
  });
  const functions = { then_branch: thenName!, else_branch: otherName! };
  nodes.set({
    ...node,
    input: inputs,
    attr: { ...attr, Tin: { list: { type: types } }, ...functions },
  });
}

/** A function that takes tensors in the places of some lists, and makes the lists of them. */
function taking(fn: WorkFunction, name: string, taken: ReadonlyMap<number, string>): WorkFunction {
  const { inputArg = [] } = fn.signature;
  const nodes = new NodeIndex(fn.nodes);
  for (const [k, type] of taken) {
    const arg = inputArg[k]!.name;
    const [any, list] = [nodes.unused(`${arg}/_any`), nodes.unused(`${arg}/_list`)];
    nodes.redirect(arg, list);
    const value = { tensor: { dtype: 'DT_INT32', tensorShape: {}, intVal: [-1] } };
    nodes.add({ name: any, op: 'Const', attr: { dtype: int32, value } });
    const attr = { element_dtype: { type }, shape_type: int32 };
    nodes.add({ name: list, op: 'TensorListFromTensor', input: [arg, any], attr });
  }
  const args = inputArg.map((arg, k) => ({ ...arg, type: taken.get(k) ?? arg.type }));
  return { ...fn, signature: { ...fn.signature, name, inputArg: args }, nodes };
}

/** A step that gives on what it takes in the places of lists, and the items of some besides. */
function giving(
  step: WorkFunction,
  taken: ReadonlyMap<number, string>,
  filled: readonly Filled[],
  collected: readonly Filled[],
): WorkFunction {
  const { inputArg = [], outputArg = [] } = step.signature;
  const results = outputArg.map((arg, k) => ({ ...arg, type: inputArg[k]!.type }));
  const items = collected.map(({ k, type }) => ({ name: `collected_${k}`, type }));
  const ret = { ...step.ret };
  for (const k of [...taken.keys(), ...filled.map((list) => list.k)]) {
    ret[outputArg[k]!.name] = inputArg[k]!.name;
  }
  for (const { k, item } of collected) ret[`collected_${k}`] = item;
  return { ...step, signature: { ...step.signature, outputArg: [...results, ...items] }, ret };
}

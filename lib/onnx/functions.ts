import type { AttributeProto, FunctionProto, GraphProto, NodeProto } from './proto.js';

/** Functions of a model by "domain:name". */
export function functionsByName(functions: readonly FunctionProto[]): Map<string, FunctionProto> {
  return new Map(functions.map((fn) => [`${fn.domain}:${fn.name}`, fn]));
}

/** Where the body of a called function lies, for reports. */
export function placeOfCall(fn: FunctionProto, { name, outputs }: NodeProto): string {
  return `function ${fn.domain}.${fn.name} called by '${name || (outputs[0] ?? '')}'`;
}

/** The body of a function as a graph, with the attributes that a calling node gives. */
export function bodyOf(fn: FunctionProto, caller: NodeProto): GraphProto {
  const given = new Map([...fn.defaults, ...caller.attributes]);
  return {
    name: fn.name,
    nodes: fn.nodes.map((node) => bound(node, given)),
    initializers: [],
    sparseInitializers: [],
    inputs: fn.inputs.map((name) => ({ name, type: undefined })),
    outputs: fn.outputs.map((name) => ({ name, type: undefined })),
    valueInfo: [],
  };
}

type Given = ReadonlyMap<string, AttributeProto>;

/** The node with each attribute that refers to one of the caller replaced by it. */
function bound(node: NodeProto, given: Given): NodeProto {
  const attributes = new Map<string, AttributeProto>();
  for (const [name, attribute] of node.attributes) {
    if (attribute.refName === '') {
      attributes.set(name, withGraphs(attribute, given));
      continue;
    }
    const value = given.get(attribute.refName);
    // One that the caller leaves out is left out here too.
    if (value) attributes.set(name, { ...value, name });
  }
  return { ...node, attributes };
}

function withGraphs(attribute: AttributeProto, given: Given): AttributeProto {
  if (!attribute.g && attribute.graphs.length === 0) return attribute;
  const inside = (graph: GraphProto): GraphProto => ({
    ...graph,
    nodes: graph.nodes.map((node) => bound(node, given)),
  });
  return {
    ...attribute,
    g: attribute.g && inside(attribute.g),
    graphs: attribute.graphs.map(inside),
  };
}

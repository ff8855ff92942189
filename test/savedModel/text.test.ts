// SavedModels in protobuf's text format.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { loadSavedModel, loadSavedModelSync, type Tensor } from '../../lib/index.js';
import { engineError } from '../semantics/inGraph.js';
import { f32, writeBundle } from './bundle.js';
import { bundle, folder, started } from './folder.js';

/** relu(x * w + [0.5, -2]) + (1, 1) in a function, as TensorFlow writes it. */
const model = `# a comment
saved_model_schema_version: 1
meta_graphs {
  meta_info_def {
    stripped_op_list { op { name: "Const" output_arg { name: "output" type_attr: "dtype" } } }
    tags: "serve"
    tensorflow_version: "2.1" any_info { [type.googleapis.com/x.Y] { z: -1.5e-3 } }
  }
  graph_def {
    node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } }
      attr { key: "shape" value { shape { dim { size: -1 } dim { size: 2 } } } } }
    node: {
      name: "w", op: 'VarHandleOp'; attr: < key: "dtype" value: < type: 1 > >
      attr { key: "shape" value { shape { dim { size: 0x2 } } } }
      attr { key: "shared_name" value { s: "" "w" } }
    }
    node { name: "call" op: "StatefulPartitionedCall" input: ["x", "w"]
      attr { key: "f" value { func { name: "layer" } } } }
    library {
      function {
        signature {
          name: "layer"
          input_arg { name: "x" type: DT_FLOAT }
          input_arg { name: "w" type: DT_RESOURCE }
          output_arg { name: "y" type: DT_FLOAT }
        }
        node_def { name: "read" op: "ReadVariableOp" input: "w"
          attr { key: "dtype" value { type: DT_FLOAT } } }
        node_def { name: "mul" op: "Mul" input: "x" input: "read:value:0"
          attr { key: "T" value { type: DT_FLOAT } } }
        node_def { name: "b" op: "Const" attr { key: "dtype" value { type: DT_FLOAT } }
          attr { key: "value" value { tensor { dtype: DT_FLOAT tensor_shape { dim { size: 2 } }
            tensor_content: "\\000\\000\\000?\\x00\\0\\000\\300" } } } }
        node_def { name: "add" op: "AddV2" input: "mul:z:0" input: "b:output:0"
          attr { key: "T" value { type: DT_FLOAT } } }
        node_def { name: "relu" op: "Relu" input: "add:z:0"
          attr { key: "T" value { type: DT_FLOAT } } }
        node_def { name: "one" op: "Const" attr { key: "dtype" value { type: DT_FLOAT } }
          attr { key: "value" value { tensor { dtype: DT_FLOAT tensor_shape { dim { size: 2 } }
            float_val: [1.0f, +1] } } } }
        node_def { name: "sum" op: "AddV2" input: "relu:activations:0" input: "one:output:0"
          attr { key: "T" value { type: DT_FLOAT } } }
        ret { key: "y" value: "sum:z:0" }
      }
    }
    versions { producer: 175 min_consumer: 12 }
  }
  signature_def {
    key: "serving_default"
    value {
      inputs { key: "x" value { name: "x:0" dtype: DT_FLOAT tensor_shape { unknown_rank: true } } }
      outputs { key: "y" value { name: "call:0" dtype: DT_FLOAT } }
      method_name: "tensorflow/serving/predict"
    }
  }
}
`;

const write = (text: string) => writeFileSync(join(folder, 'saved_model.pbtxt'), text);

test('a model in text runs', async () => {
  write(model);
  writeBundle(bundle(), { w: f32([2], [2, 3]) });
  for (const load of [loadSavedModel, loadSavedModelSync]) {
    const { graph, inputs, outputs, variables } = await load(folder);
    expect(variables.map(({ name }) => name)).toEqual(['w']);
    const session = await started(graph);
    const feeds: [[Tensor, number[][]]] = [[inputs.x!, [[1, 1]]]];
    expect(session.runSync(outputs.y!, { feeds }).toArray()).toEqual([[3.5, 2]]);
    await session.close();
  }
});

test.each([
  [
    'meta_graphs { graph_def { node { name: 5 } } }',
    'column 40, in meta_graphs.graph_def.node.name',
  ],
  ['meta_graphs { graph_def { node { name: 5 } } }', "expected text in quotes but found '5'"],
  [
    'meta_graphs {\n  graph_def {',
    "line 2, column 14, in meta_graphs.graph_def: expected a field or '}' but the file ends",
  ],
  ['saved_model_schema_version 1', "expected ':' but found '1'"],
  ['saved_model_schema_version: 1.5', "expected an integer but found '1.5'"],
  ['meta_graphs: 1', "expected '{' but found '1'"],
  ['saved_model_schema_version { }', "expected a value but found '{'"],
  ['what: "no end', 'column 7, in what: a text has no end'],
  ['what: "\\q"', "'\\q' is no escape"],
  ['what: [1 2]', "expected ',' or ']' but found '2'"],
  ['%', "'%' begins nothing"],
  ['} ', "expected a field but found '}'"],
  ['a {'.repeat(200), 'messages lie in each other deeper than 100'],
])('damaged text %#: %s', async (text, message) => {
  write(text);
  await expect(loadSavedModel(folder)).rejects.toThrow(engineError('DATA_LOSS', message));
});

test('text without a graph that is wanted', async () => {
  write('');
  await expect(loadSavedModel(folder)).rejects.toThrow(
    engineError('FAILED_PRECONDITION', 'could not be found in SavedModel'),
  );
});

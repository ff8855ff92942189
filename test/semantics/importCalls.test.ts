// Calls of a GraphDef's functions by their names.
import {
  Graph,
  type GraphDef,
  gradients,
  importGraphDef,
  type NodeDef,
  Session,
  Tensor,
} from '../../lib/index.js';

const type = (name: string) => ({ type: `DT_${name}` });
const source = (name: string): NodeDef => ({
  name,
  op: 'Placeholder',
  attr: { dtype: type('FLOAT') },
});
const node = (name: string, op: string, input: string[], attr: NodeDef['attr'] = {}): NodeDef => ({
  name,
  op,
  input,
  attr,
});

/** x + y and x - y, whose gradient the library says to be 1 and 2. */
const withGradient: GraphDef = {
  node: [
    source('x'),
    source('y'),
    node('f', 'FuncWithGrad', ['x', 'y']),
    node('a', 'Identity', ['f'], { T: type('FLOAT') }),
    node('b', 'Identity', ['f:1'], { T: type('FLOAT') }),
  ],
  library: {
    function: [
      {
        signature: {
          name: 'FuncWithGrad',
          inputArg: ['x', 'y'].map((name) => ({ name, type: 'DT_FLOAT' })),
          outputArg: ['sum', 'difference'].map((name) => ({ name, type: 'DT_FLOAT' })),
        },
        nodeDef: [
          node('s', 'Add', ['x', 'y'], { T: type('FLOAT') }),
          node('d', 'Sub', ['x', 'y'], { T: type('FLOAT') }),
        ],
        ret: { sum: 's:z:0', difference: 'd:z:0' },
      },
      {
        signature: {
          name: 'Grad2',
          inputArg: ['x', 'y', 'd1', 'd2'].map((name) => ({ name, type: 'DT_FLOAT' })),
          outputArg: ['dx', 'dy'].map((name) => ({ name, type: 'DT_FLOAT' })),
        },
        nodeDef: [1, 2].map((value) =>
          node(`c${value}`, 'Const', [], {
            dtype: type('FLOAT'),
            value: { tensor: { dtype: 'DT_FLOAT', tensorShape: {}, floatVal: [value] } },
          }),
        ),
        ret: { dx: 'c1:output:0', dy: 'c2:output:0' },
      },
    ],
    gradient: [{ functionName: 'FuncWithGrad', gradientFunc: 'Grad2' }],
  },
};

test('imp-032: functions are called by their names, with the gradients that the library gives', () => {
  const names = ['x:0', 'y:0', 'a:0', 'b:0'];
  const shaped = (...names: string[]) =>
    (withGradient.node ?? []).map((each) =>
      names.includes(each.name) ? { ...each, attr: { ...each.attr, shape: { shape: {} } } } : each,
    );
  const graphs: GraphDef[] = [{ ...withGradient, node: shaped('x', 'y') }];
  for (let times = 0; times < 2; times++) {
    const graph = new Graph();
    const [x, y, a, b] = importGraphDef(graphs[times]!, {
      graph,
      prefix: '',
      returnElements: names,
    }).filter((each) => each instanceof Tensor);
    const slopes = gradients(a!, [x!, y!]) as Tensor[];
    using session = new Session(graph);
    const found = session.runSync([a!, b!, ...slopes], { feeds: { x: 1, y: 2 } });
    expect(found.map((value) => value.item())).toEqual([3, -1, 1, 2]);
    graphs.push(graph.toJSON());
  }
});

test('the results of a call are elements like those of any node', () => {
  const graph = new Graph();
  const options = { graph, prefix: '', returnElements: ['f:0', 'f:1', 'x:0', 'y:0'] };
  const [sum, difference, x, y] = importGraphDef(withGradient, options) as Tensor[];
  using session = new Session(graph);
  const found = session.runSync([sum!, difference!], {
    feeds: [
      [x!, 5],
      [y!, 3],
    ],
  });
  expect(found.map((value) => value.item())).toEqual([8, 2]);
  expect(() =>
    importGraphDef(withGradient, { graph: new Graph(), returnElements: ['f:2'] }),
  ).toThrow("Invalid return output 2 of node 'f', which has 2 output(s)");
});

import { table } from '../case.js';

const state = { elsewhere: 'test/native/state_test.cc' };
const control = { elsewhere: 'test/native/control_test.cc' };
const random = { elsewhere: 'test/api/random.test.ts' };

/** Ops whose results depend on more than their inputs, or that hold graphs. */
export const flow = table({
  Assert: state,
  AssignAddVariableOp: state,
  AssignSubVariableOp: state,
  AssignVariableOp: state,
  If: control,
  Multinomial: random,
  Parameter: control,
  RandomShuffle: random,
  RandomStandardNormal: random,
  RandomUniform: random,
  RandomUniformInt: random,
  ReadVariableOp: state,
  ResourceApplyGradientDescent: state,
  ResourceScatterAdd: state,
  ResourceScatterSub: state,
  ResourceScatterUpdate: state,
  StatelessIf: control,
  StatelessRandomNormal: random,
  StatelessRandomUniform: random,
  StatelessRandomUniformInt: random,
  StatelessTruncatedNormal: random,
  StatelessWhile: control,
  TruncatedNormal: random,
  VarHandleOp: state,
  VarIsInitializedOp: state,
  While: control,
});

import { table } from '../case.js';

const state = { elsewhere: 'test/native/state_test.cc' };
const control = { elsewhere: 'test/native/control_test.cc' };
const call = { elsewhere: 'test/api/customGradient.test.ts' };
const optimizer = { elsewhere: 'test/train/optimizers.test.ts' };
const lookup = { elsewhere: 'test/semantics/tables.test.ts' };
const random = { elsewhere: 'test/api/random.test.ts' };

/** Ops whose results depend on more than their inputs, or that hold graphs. */
export const flow = table({
  Assert: state,
  AssignAddVariableOp: state,
  AssignSubVariableOp: state,
  AssignVariableOp: state,
  CustomGradient: call,
  HashTableV2: lookup,
  If: control,
  InitializeTableFromTextFileV2: lookup,
  InitializeTableV2: lookup,
  JsFunction: { elsewhere: 'test/semantics/jsFunction.test.ts' },
  LookupTableExportV2: lookup,
  LookupTableFindV2: lookup,
  LookupTableImportV2: lookup,
  LookupTableInsertV2: lookup,
  LookupTableRemoveV2: lookup,
  LookupTableSizeV2: lookup,
  MultiApplyAdadelta: optimizer,
  MultiApplyAdagrad: optimizer,
  MultiApplyAdam: optimizer,
  MultiApplyCenteredRMSProp: optimizer,
  MultiApplyFtrl: optimizer,
  MultiApplyGradientDescent: optimizer,
  MultiApplyLamb: optimizer,
  MultiApplyMomentum: optimizer,
  MultiApplyRMSProp: optimizer,
  Multinomial: random,
  MutableHashTableV2: lookup,
  Parameter: control,
  PartitionedCall: call,
  RandomShuffle: random,
  RandomStandardNormal: random,
  RandomUniform: random,
  RandomUniformInt: random,
  ReadVariableOp: state,
  ResourceApplyGradientDescent: state,
  ResourceScatterAdd: state,
  ResourceScatterSub: state,
  ResourceScatterUpdate: state,
  Scan: { elsewhere: 'test/semantics/scan.test.ts' },
  StatefulPartitionedCall: call,
  StatelessIf: control,
  StatelessRandomNormal: random,
  StatelessRandomUniform: random,
  StatelessRandomUniformInt: random,
  StatelessScan: { elsewhere: 'test/api/loopGradient.test.ts' },
  StatelessTruncatedNormal: random,
  StatelessWhile: control,
  TruncatedNormal: random,
  VarHandleOp: state,
  VarIsInitializedOp: state,
  While: control,
  WhileGrad: { elsewhere: 'test/api/controlGradient.test.ts' },
});

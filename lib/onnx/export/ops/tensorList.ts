import { type ExportFamily, none } from '../table.js';

const list = none('a list of tensors whose elements may be missing has no form in ONNX');

export const tensorLists = {
  EmptyTensorList: list,
  TensorListConcatV2: list,
  TensorListFromTensor: list,
  TensorListGather: list,
  TensorListGetItem: list,
  TensorListLength: list,
  TensorListPopBack: list,
  TensorListPushBack: list,
  TensorListReserve: list,
  TensorListResize: list,
  TensorListScatterIntoExistingList: list,
  TensorListScatterV2: list,
  TensorListSetItem: list,
  TensorListSplit: list,
  TensorListStack: list,
} satisfies ExportFamily;

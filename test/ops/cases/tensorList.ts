import { table } from '../case.js';

const lists = { elsewhere: 'test/semantics/importLists.test.ts: rows hold no lists' };

/** TensorFlow's lists of tensors. */
export const tensorLists = table({
  EmptyTensorList: lists,
  TensorListConcatV2: lists,
  TensorListFromTensor: lists,
  TensorListGather: lists,
  TensorListGetItem: lists,
  TensorListLength: lists,
  TensorListPopBack: lists,
  TensorListPushBack: lists,
  TensorListReserve: lists,
  TensorListResize: lists,
  TensorListScatterIntoExistingList: lists,
  TensorListScatterV2: lists,
  TensorListSetItem: lists,
  TensorListSplit: lists,
  TensorListStack: lists,
});

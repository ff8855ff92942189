import { spellCells } from './blockLayer.js';
import { makeBranches } from './branches.js';
import { useIfs } from './cases.js';
import { dropLostColocation } from './colocation.js';
import { makeLoops } from './frames.js';
import { dropUnusedFunctions } from './functions.js';
import { useGivenHandles } from './givenHandles.js';
import { useHandles } from './handles.js';
import { inlineCalls } from './inline.js';
import { sayByNewerOps } from './legacy.js';
import { useTensorsInLoops } from './loopLists.js';
import { addTableTypes } from './tableTypes.js';
import { useLists } from './tensorArrays.js';
import type { Step } from './workGraph.js';

/** The first step: what is in functions is nowhere else, so the others look at nodes alone. */
export const inlining: Step = {
  name: 'inline calls',
  purpose: 'A call is the nodes of its function; references are flat, unused functions gone.',
  run: inlineCalls,
};

/** At the end, when no node goes any more. */
export const colocation: Step = {
  name: 'colocation',
  purpose: 'No node shares a device with one that is gone.',
  run: dropLostColocation,
};

/** From TensorFlow's ops to those of the registry, as far as these can say the others. */
export const translations: readonly Step[] = [
  {
    name: 'handles',
    purpose: 'Variables by reference are variables by handle, with reads and updates of these.',
    run: useHandles,
  },
  {
    name: 'lists',
    purpose: 'TensorArrays are lists of tensors, and their flows the values of these.',
    run: useLists,
  },
  {
    name: 'loops',
    purpose: "TensorFlow 1's loops, frames from Enter to Exit, are While.",
    run: makeLoops,
  },
  {
    name: 'branches',
    purpose: "TensorFlow 1's conditionals, pairs of Switch and Merge, are If.",
    run: makeBranches,
  },
  {
    name: 'cases',
    purpose: 'Choices among several branches are choices between two.',
    run: useIfs,
  },
  {
    name: 'given handles',
    purpose: 'What hands a handle on is gone: all read the handle where it is made or taken.',
    run: useGivenHandles,
  },
  {
    name: 'cells',
    purpose: 'Recurrent cells and layers that are one op are small ops and loops.',
    run: spellCells,
  },
  {
    name: 'newer ops',
    purpose: 'Ops that the registry lacks are said by those that it has.',
    run: sayByNewerOps,
  },
  {
    name: 'tensors in loops',
    purpose: 'Lists that loops only read or fill in order are tensors, which have gradients.',
    run: useTensorsInLoops,
  },
  {
    name: 'table types',
    purpose: 'Ops on lookup tables know the dtypes of the table.',
    run: addTableTypes,
  },
  {
    name: 'unused functions',
    purpose: 'Functions that no step has left a use for are gone.',
    run: dropUnusedFunctions,
  },
];

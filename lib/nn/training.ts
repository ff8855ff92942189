import { invalidArgument } from '../errors.js';
import { Tensor } from '../tensor.js';

/** Known when the graph is built, or a scalar that each run is told. */
export type Training = boolean | Tensor<'bool'>;

/** The flag, which has to be given: a layer that guesses it is wrong half of the time. */
export function checkTraining(
  options: { readonly training?: Training | undefined } = {},
): Training {
  const { training } = options;
  if (typeof training === 'boolean') return training;
  if (training instanceof Tensor && training.dtype === 'bool') return training;
  throw invalidArgument('training', 'a boolean or a bool tensor', training);
}

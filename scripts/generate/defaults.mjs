/** What inputs of ops are when nobody gives them, as in TensorFlow's functions of these names. */
const defaults = {
  ArgMax: { dimension: 0 },
  ArgMin: { dimension: 0 },
  Cumprod: { axis: 0 },
  Cumsum: { axis: 0 },
  GatherV2: { axis: 0 },
  OneHot: { on_value: 1, off_value: 0 },
  PadV2: { constant_values: 0 },
  Range: { delta: 1 },
};

export const defaultOf = (op, arg) => defaults[op.name]?.[arg.name];

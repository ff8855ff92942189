/** Which pass over the data, and how many of its elements are left out at the beginning. */
export interface Pass {
  readonly epoch: number;
  readonly skip: number;
}

/** One step of a pipeline: makes the elements of a pass, always the same ones for the same pass. */
export interface Stage<T> {
  /** The number of elements of a pass, where it is known beforehand. */
  readonly length: number | undefined;
  /** Closing the result early closes everything that it reads from. */
  open(pass: Pass): AsyncGenerator<T, void, undefined>;
  /** The elements of a pass by number, where there is a way to get at them. */
  readonly rows?: ((epoch: number) => Promise<Rows<T>>) | undefined;
}

export interface Rows<T> {
  readonly length: number;
  at(index: number): T;
  /** A batch of these elements, where that is quicker than stacking them; typed by the caller. */
  readonly gather?: ((indices: Uint32Array) => unknown) | undefined;
}

/** The elements of rows, from `skip` on. */
export async function* walk<T>(rows: Rows<T>, skip: number): AsyncGenerator<T, void, undefined> {
  for (let i = skip; i < rows.length; i++) yield rows.at(i);
}

/** A name that a graph takes for an op, near to one of a model: "/conv1/Conv:0" to "conv1/Conv_0". */
export function opName(name: string, fallback: string): string {
  const cleaned = name.replace(/[^\w.\\/-]/g, '_').replace(/^[^A-Za-z0-9.]+|\/+$/g, '');
  return cleaned || fallback;
}

// Hooks that let node read tfjs-core's modules, which are written for bundlers: imports without an
// extension, in files that are not marked as modules. Its file for node has no gradients.
const isOf = (url) => url?.includes('/@tensorflow/tfjs-core/dist/') && !url.endsWith('.node.js');

export async function resolve(specifier, context, next) {
  if (!specifier.startsWith('.') || !isOf(context.parentURL)) return next(specifier, context);
  try {
    return await next(`${specifier}.js`, context);
  } catch {
    return next(`${specifier}/index.js`, context);
  }
}

export async function load(url, context, next) {
  return next(url, isOf(url) ? { ...context, format: 'module' } : context);
}

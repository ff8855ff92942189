// Counts the ops whose gradient is still to be written: those with .no_gradient("pending").
import { createRequire } from 'node:module';

const addon = createRequire(import.meta.url)('../build/Release/tensorwright.node');
const ops = addon.listOps();
const named = (test) => ops.filter(test).map(({ name }) => name);
const pending = named(({ noGradient }) => noGradient === 'pending');
const without = named(({ noGradient }) => noGradient !== '' && noGradient !== 'pending');
console.log(`${ops.length} ops: ${ops.length - pending.length - without.length} with a gradient,`);
console.log(
  `${without.length} without one for a reason that they give, ${pending.length} pending:`,
);
for (const name of pending.sort()) console.log(`  ${name}`);

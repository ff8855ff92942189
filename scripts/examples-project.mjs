// Makes a project that has this checkout installed and holds the examples; prints its folder and
// what its processes need in their environment. Who calls removes the folder.
import { makeProject } from './project.mjs';

const { add, folder, env } = makeProject();
add('examples', 'examples');
const { TENSORWRIGHT_NATIVE_PATH } = env;
console.log(JSON.stringify({ folder, env: { TENSORWRIGHT_NATIVE_PATH } }));

// Runs what the README shows against this checkout; see run-readme.mjs.
import { makeProject } from './project.mjs';
import { runReadme } from './run-readme.mjs';

const project = makeProject();
try {
  const { passed, failed } = runReadme(project.folder, project.env, project.cli);
  console.log(`readme: ${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
} finally {
  project.remove();
}

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  // For slow and shared machines; the instrumented addon takes several times as long.
  testTimeout: process.env.TENSORWRIGHT_SANITIZED ? 120_000 : 30_000,
  // Jest leaves a core to itself, which waits while the others work.
  maxWorkers: '100%',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {
    '\\.[jt]s$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!pbf/)'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/build'],
};

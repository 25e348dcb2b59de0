'use strict';

// Why: jest gives every test file a JavaScript world of its own and loads all packages anew into it. With 180 files that was a fifth of the run's time.
// Here our own modules are new for each file, packages are loaded once per worker, and all live in one world, so that `instanceof` means what it says.

const { createRequire } = require('node:module');
const { compileFunction, constants } = require('node:vm');
const { default: JestRuntime } = require('jest-runtime');

/** A package's or Node's own name, not a path. */
const BARE = /^[^./]/;

module.exports = class extends JestRuntime {
  constructor(...given) {
    super(...given);
    const { executor } = this;
    executor.compile = (source, filename) =>
      compileFunction(source, executor.injectedModuleParameters, {
        filename,
        importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
      });
  }

  requireModuleOrMock(from, name) {
    return BARE.test(name) && !name.startsWith('@jest/') ? createRequire(from)(name) : super.requireModuleOrMock(from, name);
  }
};

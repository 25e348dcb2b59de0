'use strict';

const { TestEnvironment } = require('jest-environment-node');

/** Node's own world for all test files of a worker: see runtime.cjs. */
module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.global = globalThis;
    const { constructor: FakeTimers } = this.fakeTimersModern;
    this.fakeTimersModern = new FakeTimers({ config: config.projectConfig, global: globalThis });
  }
};

import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { ActivityInboundCallsInterceptor, ActivityInterceptorsFactory } from '@temporalio/worker';
import { RowMissing } from '../db/errors';
import type { Log } from '../db/log';
import { OutcomeUnclear, VendorRefused } from '../providers/errors';
import { errorCode } from '../domain/error-code';

/**
 * Keeps vendors' and drivers' texts out of Temporal's histories: whatever an activity throws becomes our code and, where there is one, the vendor's.
 * The text goes to the log, where a vendor's is redacted first.
 */
export const redactErrors =
  (log: Log): ActivityInterceptorsFactory =>
  (context) => {
    const inbound: ActivityInboundCallsInterceptor = {
      execute: async (input, next) => {
        try {
          return await next(input);
        } catch (error) {
          throw redacted(error, log, context.info.activityType);
        }
      },
    };
    return { inbound };
  };

function redacted(error: unknown, log: Log, activity: string): unknown {
  if (error instanceof CancelledFailure || error instanceof ApplicationFailure) return error;
  const type = errorCode(error);
  const vendor =
    error instanceof VendorRefused || error instanceof OutcomeUnclear ? { vendorCode: error.vendorCode, text: error.textForLog() } : {};
  log.warn({ activity, code: type, ...vendor }, 'an activity failed');
  // A row that is gone will not come back: trying again would only hide it.
  return ApplicationFailure.create({ message: type, type, nonRetryable: error instanceof RowMissing });
}

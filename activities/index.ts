import type { AskCall, ReleaseCall } from '../workflows/contracts/call';
import type { PlanInput, SendInput } from '../workflows/contracts/doorbell';
import type { ClosingInput } from '../workflows/contracts/waitlist-offer';
import type { CadenceDeps } from './cadence';
import { planCadence } from './cadence';
import type { CallingDeps } from './calling';
import { askCall, releaseAskedCall } from './calling';
import type { CarrierDeps } from './carrier-consent';
import { planCarrierConsent, tellCarrier } from './carrier-consent';
import type { DailyDeps } from './dailies';
import { sendDailySchedules } from './dailies';
import type { Whose } from './each-apart';
import type { DeliveryDeps } from './delivery';
import { planDelivery } from './delivery';
import type { MessagingDeps } from './messaging';
import { sendMessage } from './messaging';
import type { SchedulingDeps } from './scheduling';
import { planAppointment } from './scheduling';
import type { SweepDeps } from './sweeping';
import { sweep } from './sweeping';
import type { WaitlistDeps } from './waitlist';
import { askNext, closeFreedSlot, readFreedSlot } from './waitlist';
import type { WinbackDeps } from './winback';
import { startWinbacks } from './winback';

export type ActivityDeps = SchedulingDeps &
  DeliveryDeps &
  MessagingDeps &
  CallingDeps &
  CarrierDeps &
  DailyDeps &
  SweepDeps &
  WaitlistDeps &
  CadenceDeps &
  WinbackDeps;

/** Every activity, by its permanent name. Inputs only ever gain optional fields. */
export const createActivities = (deps: ActivityDeps) => ({
  planAppointment: (input: PlanInput) => planAppointment(deps, input),
  planDelivery: (input: PlanInput) => planDelivery(deps, input),
  sendMessage: (input: SendInput) => sendMessage(deps, input),
  askCall: (input: AskCall) => askCall(deps, input),
  releaseCall: (input: ReleaseCall) => releaseAskedCall(deps, input),
  planCarrierConsent: (input: PlanInput) => planCarrierConsent(deps, input),
  tellCarrier: (input: SendInput) => tellCarrier(deps, input),
  sendDailySchedules: (whose?: Whose) => sendDailySchedules(deps, whose),
  startWinbacks: (whose?: Whose) => startWinbacks(deps, whose),
  sweep: () => sweep(deps),
  readFreedSlot: (input: PlanInput) => readFreedSlot(deps, input),
  askNext: (input: PlanInput) => askNext(deps, input),
  closeFreedSlot: (input: ClosingInput) => closeFreedSlot(deps, input),
  planCadence: (input: PlanInput) => planCadence(deps, input),
});

export type Activities = ReturnType<typeof createActivities>;

import type { GateAnswer, GateFacts } from './gate';
import type { Reason } from './message';
import { STATE_RULES_VERSION } from './state-rules';
import type { Instant } from './time';

/** Raised when the gate's rules change, so that an old decision is read with the rules it was made by. */
const GATE_RULES_VERSION = '2026-11-27';

/** What the gate said and what it saw, as the ledger keeps it. No name, number, address or text; the zones are those of the hours it judged by. */
export type Decision = {
  at: Instant;
  answer: GateAnswer['kind'];
  reason: Reason | null;
  until: Instant | null;
  rules: { gate: string; stateHours: string };
  facts: Omit<GateFacts, 'now' | 'spreadKey'>;
};

/** A decision to be stored, its fields named one by one so that a new fact does not slip into the ledger unseen. */
export function decisionOf(answer: GateAnswer, facts: GateFacts): Decision {
  return {
    at: facts.now,
    answer: answer.kind,
    reason: answer.kind === 'send' ? null : answer.reason,
    until: answer.kind === 'defer' ? answer.until : null,
    rules: { gate: GATE_RULES_VERSION, stateHours: STATE_RULES_VERSION },
    facts: {
      rule: facts.rule,
      messageClass: facts.messageClass,
      channel: facts.channel,
      notAfter: facts.notAfter,
      businessStatus: facts.businessStatus,
      suppressed: facts.suppressed,
      onOwnDncList: facts.onOwnDncList,
      dncCheck: facts.dncCheck,
      consent: facts.consent,
      channelUsable: facts.channelUsable,
      postalAddressKnown: facts.postalAddressKnown,
      hours: facts.hours,
      zoneSource: facts.zoneSource,
      callsPerMin: facts.callsPerMin,
      callsPerDay: facts.callsPerDay,
      contactCap: facts.contactCap,
      abroad: facts.abroad,
      international: facts.international,
      trialOutboundDisabled: facts.trialOutboundDisabled,
      registrationPending: facts.registrationPending,
    },
  };
}

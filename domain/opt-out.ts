import { wishOf } from './opt-out/reading';
import { bareWords } from './words';

/** What a text asks of us. `answeredByTwilio`: the vendor has answered it already, so we record and stay silent. */
export type OptOutWord =
  | {
      kind: 'out';
      /** the word means both "no more texts" and "not this visit": staff are asked, nothing is cancelled by it (R32) */
      mayMeanVisit: boolean;
      answeredByTwilio: boolean;
    }
  | { kind: 'in'; answeredByTwilio: boolean }
  | { kind: 'help'; answeredByTwilio: boolean };

type Asked = {
  /** Our last message asked whether to subscribe again. */
  askedToResubscribe: boolean;
};

/** What a text asks of us by an exact word or in plain words of its own (R30, R31); null: for the conversation. */
export function readOptOut(text: string, asked: Asked): OptOutWord | null {
  const word = optOutWord(text, asked);
  if (word) return word;
  const kind = wishOf(text);
  return kind === 'out' ? { kind, mayMeanVisit: false, answeredByTwilio: false } : kind && { kind, answeredByTwilio: false };
}

/**
 * The exact words of R30 in English and Spanish, whatever their case, accents and punctuation; null for everything else, so also for a text that
 * merely contains one ("non-stop"). YES and SI count only when our last message asked whether to subscribe again: otherwise they answer a reminder
 * (reply.ts, to be asked after this).
 */
export function optOutWord(text: string, { askedToResubscribe }: Asked): OptOutWord | null {
  const words = bareWords(text);
  const answeredByTwilio = TWILIO_ANSWERS.has(text.trim().toUpperCase());
  if (OUT.has(words)) return { kind: 'out', mayMeanVisit: MAY_MEAN_VISIT.has(words), answeredByTwilio };
  if (IN.has(words) || (askedToResubscribe && IN_WHEN_ASKED.has(words))) return { kind: 'in', answeredByTwilio };
  if (HELP.has(words)) return { kind: 'help', answeredByTwilio };
  return null;
}

const OUT = new Set([
  ...['STOP', 'STOPALL', 'STOP ALL', 'UNSUBSCRIBE', 'END', 'QUIT', 'CANCEL', 'REVOKE', 'OPTOUT', 'OPT OUT'],
  ...['ALTO', 'DETENER', 'PARE', 'PARAR', 'BAJA', 'CANCELAR', 'NO MAS', 'NOMAS'],
]);
const MAY_MEAN_VISIT = new Set(['CANCEL', 'CANCELAR']);
const IN = new Set(['START', 'UNSTOP', 'INICIAR']);
const IN_WHEN_ASKED = new Set(['YES', 'SI']);
const HELP = new Set(['HELP', 'INFO', 'AYUDA']);

/**
 * Twilio matches the whole body, whatever its case, and nothing else: not "STOP.", not the Spanish words unless Advanced Opt-Out is set up. Should it
 * match more than we know, our answer to an opt-out is refused as 21610, so nobody gets two.
 */
const TWILIO_ANSWERS = new Set([
  ...['STOP', 'STOPALL', 'UNSUBSCRIBE', 'END', 'QUIT', 'CANCEL', 'REVOKE', 'OPTOUT'],
  ...['START', 'UNSTOP', 'YES', 'HELP', 'INFO'],
]);

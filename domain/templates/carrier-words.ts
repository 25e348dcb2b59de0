// R32: carriers take these words, as a whole text, for an opt-out and block the number. A template that asks for one as the answer to something else
// ("reply CANCEL to cancel your visit") would cut off the people who do as they are told.
const WORDS = 'stop ?all|stop|unsubscribe|end|quit|cancelar|cancel|revoke|opt ?out|alto|detener|parar|pare|baja|no m[aá]s';
const VERBS =
  'reply|respond|answer|text|txt|send|write|type|responda|responde|conteste|contesta|env[ií]e|env[ií]a|mande|manda|escriba|escribe';
const FILLERS = 'us|back|with|by|the|word|just|con|la|palabra|solo|s[oó]lo|un|a|this|message|este|mensaje|texto';

/** The word as the object of "reply", or one more choice after "or". "Reply R to cancel" asks for R. */
const ASKED = new RegExp(`\\b(?:${VERBS})\\s+(?:(?:${FILLERS})\\s+)*["'“‘«]?(${WORDS})["'”’»]?(?![\\p{L}\\p{N}])`, 'giu');
const CHOICE = new RegExp(`(?:\\b(?:or|o|u|and|y)|,)\\s+["'“‘«]?(${WORDS})["'”’»]?(?=\\s+(?:to|para|if|si)\\b|\\s*[.!,]|\\s*$)`, 'giu');

const PURPOSE = /\b(?:to|2|for|if|para|si)\b/iu;
const OF_OPT_OUT =
  /opt(?:ing)?[ -]?out|unsubscribe|no more|end (?:messages|texts)|(?:stop|quit|end) (?:receiving|getting|these|our|all|the|texts|messages)|to stop\b|(?:no|dejar de|ya no) recibir|sin mensajes|darse de baja|cancelar (?:la suscripci[oó]n|los mensajes)|no m[aá]s mensajes/iu;
/** Without a purpose only these speak for themselves. */
const PLAIN_WORDS = /^(?:stop ?all|stop|unsubscribe|opt ?out|alto|baja|no m[aá]s)$/iu;

/** Where a text asks for a carrier's word as the answer to anything but opting out. `text`: without Liquid. */
export function carrierWordsAsked(text: string): { word: string; index: number }[] {
  return sentences(text).flatMap(({ sentence, start }) => {
    const asked = [...sentence.matchAll(ASKED)];
    if (asked.length === 0 && !new RegExp(`\\b(?:${VERBS})\\b`, 'iu').test(sentence)) return [];
    const wrong = [...asked, ...sentence.matchAll(CHOICE)].filter((match) => !isOptOut(sentence, match));
    return wrong.map((match) => ({
      word: match[1] ?? '',
      index: start + match.index + match[0].toLowerCase().lastIndexOf((match[1] ?? '').toLowerCase()),
    }));
  });
}

/** The purpose stands behind the word ("… STOP to opt out"), else before the request ("To cancel, reply STOP"). */
function isOptOut(sentence: string, match: RegExpExecArray): boolean {
  const behind = sentence.slice(match.index + match[0].length).split(/\b(?:or|o)\b|,/iu)[0] ?? '';
  if (PURPOSE.test(behind)) return OF_OPT_OUT.test(behind);
  const before = sentence.slice(0, match.index);
  if (PURPOSE.test(before) && !OF_OPT_OUT.test(before)) return before.includes(',') ? endsChoice(before, match) : false;
  return PLAIN_WORDS.test(match[1] ?? '') || OF_OPT_OUT.test(before);
}

/** "Reply HELP for help, STOP." is a list; "To cancel, reply STOP." is not. */
const endsChoice = (before: string, match: RegExpExecArray): boolean =>
  match[0].startsWith(',') && new RegExp(`^\\W*(?:${VERBS})\\b`, 'iu').test(before) && PLAIN_WORDS.test(match[1] ?? '');

function sentences(text: string): { sentence: string; start: number }[] {
  return [...text.matchAll(/[^.!?;\n]+[.!?;]?/g)].map((match) => ({ sentence: match[0], start: match.index }));
}

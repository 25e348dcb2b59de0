import { PAUSE, type Words } from '../phrases';

/**
 * What somebody typed, as sentences of bare words: lower case, no accents, no emoji, SMS spelling written out, drawn-out letters shortened, the two words
 * that are one ("do not", "opt out") joined. A comma, bracket, colon or dash is a pause.
 */
export function sentencesOf(text: string): Words[] {
  const bare = bareLetters(text);
  const joined = JOINED.reduce((all, [from, to]) => all.replace(from, to), bare);
  return joined
    .split(/[.!?;\n]+/)
    .map(wordsOf)
    .filter((words) => !SIGNATURE.test(words.join(' ')))
    .filter((words) => words.length > 0);
}

function bareLetters(text: string): string {
  return text
    .replace(/\n/g, ' . ')
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/['’‘`´"“”«»*_]+/g, '') // don't, "stop", f***ing
    .replace(/#/g, ' number ')
    .replace(/[,:()[\]…/]+|\s\p{Pd}+\s/gu, ` ${PAUSE} `)
    .replace(/[^\p{L}\p{N}\s,.!?;]+/gu, ' ')
    .replace(/(\p{L})\1{2,}/gu, '$1') // stoppp
    .replace(/\s+/g, ' ');
}

function wordsOf(sentence: string): Words {
  const written = spelledOut(sentence.trim().split(' ').filter(Boolean));
  const words = written.flatMap((word) => (SPELLING[word] ?? word).split(' '));
  // "stop stop stop" says it once; pauses at the ends say nothing.
  const once = words.filter((word, i) => word !== words[i - 1]);
  while (once[0] === PAUSE) once.shift();
  while (once.at(-1) === PAUSE) once.pop();
  return once;
}

/** "S T O P" */
const spelledOut = (words: string[]): string[] =>
  words.length > 2 && words.every((word) => /^[a-z]$/.test(word)) ? [words.join('')] : words;

/** What a mail program adds. */
const SIGNATURE = /^(sent from my|enviado desde mi|get outlook for) /;

const JOINED: readonly (readonly [RegExp, string])[] = [
  [/\bdo not\b|\bdon t\b|\bdo nt\b/g, 'dont'],
  [/\b(did|does|will|would|could|should|is) not\b/g, '$1nt'],
  [/\bwillnt\b|\bwon t\b/g, 'wont'],
  [/\bcan ?not\b|\bcan t\b/g, 'cant'],
  [/\bno longer\b/g, 'nolonger'],
  [/\bopt(ing|ed)? ?out\b/g, 'optout'],
  [/\bstop all$/g, 'stopall'],
  [/\bnon stop\b/g, 'nonstop'],
  [/\bwait list\b/g, 'waitlist'],
  [/\bany ?more\b/g, 'anymore'],
  [/\bx fa(vor)?\b|\bpor fis\b/g, 'porfa'],
  [/\bnomas\b/g, 'no mas'],
  [/\bnome(?=manden|escriban|llamen|envien)/g, 'no me '],
];

/** As people type on a phone, and how they misspell: written out. */
const SPELLING: Readonly<Record<string, string>> = {
  ...each('you', 'u yu'),
  ...each('your', 'ur yr'),
  ...each('are', 'r'),
  ...each('text', 'txt tex'),
  ...each('texts', 'txts'),
  ...each('texting', 'txting txtin textin texing'),
  ...each('messages', 'msgs mesages messeges mssgs'),
  ...each('message', 'msg mesage'),
  ...each('messaging', 'msging'),
  ...each('please', 'pls plz plse pleas pleez'),
  ...each('thanks', 'thx ty tks thnx'),
  ...each('dont', 'dnt donot'),
  ...each('unsubscribe', 'unsuscribe unsubcribe unsubscibe unsub'),
  ...each('remove', 'rmv remov'),
  ...each('number', 'num nbr'),
  ...each('stop', 'stpo stopp stahp stawp sotp stp'),
  ...each('want', 'wanna'),
  ...each('que', 'q ke'),
  ...each('de', 'd'),
  ...each('por', 'x'),
  ...each('quiero', 'kiero qiero'),
  ...each('mensaje', 'msj mensage mensje'),
  ...each('mensajes', 'msjs mjs mensages mensjes mnsjs'),
  ...each('porfa', 'xfa xfavor porfis porfavor plis'),
  ...each('porque', 'pq xq porq'),
  ...each('tambien', 'tmb'),
  ...each('borrenme', 'borremen borrarme'),
  ...each('baja', 'vaja'),
};

function each(word: string, spellings: string): Record<string, string> {
  return Object.fromEntries(spellings.split(' ').map((spelling) => [spelling, word]));
}

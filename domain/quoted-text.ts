/**
 * What a person wrote in an e-mail, without what their program put below it: the message that it answers, a signature, "Sent from my iPhone". English and
 * Spanish. Looks at lines, each once, so that no mail can make it slow. When nothing would be left, all of it is what they wrote.
 *
 * No library: the kept one (email-reply-parser 2) needs Node.js 22 and a native module against its own regular expressions.
 */
export function withoutQuotedText(text: string): string {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const end = lines.findIndex((line, at) => beginsQuote(line, lines, at));
  const own = (end === -1 ? lines : lines.slice(0, end)).filter((line) => !line.startsWith('>'));
  const written = withoutPhone(own).join('\n').trim();
  return written === '' ? text.trim() : written;
}

const LONGEST_LINE = 500;

function beginsQuote(line: string, lines: readonly string[], at: number): boolean {
  const trimmed = line.trim();
  if (trimmed.length > LONGEST_LINE) return false;
  if (line === '-- ' || trimmed === '--') return true; // RFC 3676, 4.3
  if (/^[-_]{2,}\s*(original message|mensaje original|forwarded message|mensaje reenviado)\s*[-_]{2,}$/i.test(trimmed)) return true;
  if (/^_{10,}$/.test(trimmed)) return true; // Outlook on the web
  if (isHeader(trimmed) && lines.slice(at + 1, at + 5).some((next) => isSecondHeader(next.trim()))) return true;
  return isAttribution(trimmed, lines.slice(at, at + 3));
}

/** "On Tue, Mar 2, 2027 at 9:41 AM Salon Sol <desk@…> wrote:", "El mar, 2 mar 2027 a las 9:41, Salon Sol (<desk@…>) escribió:": on up to three lines. */
function isAttribution(first: string, three: readonly string[]): boolean {
  if (!/^(On|El)\s/.test(first)) return false;
  const joined: string[] = [];
  for (const line of three) {
    joined.push(line.trim());
    const text = joined.join(' ');
    if (text.length <= LONGEST_LINE && /\d/.test(text) && /(wrote|escribió|escribio|ha escrito):$/i.test(text)) return true;
    if (line.trim() === '') return false;
  }
  return false;
}

const isHeader = (line: string): boolean => /^\*?(From|De):\*?\s/i.test(line);
const isSecondHeader = (line: string): boolean => /^\*?(Sent|Date|To|Subject|Enviado|Enviado el|Fecha|Para|Asunto):\*?\s/i.test(line);

/** "Sent from my iPhone" and its like, as the last line. */
function withoutPhone(lines: readonly string[]): string[] {
  const last = lines.findLastIndex((line) => line.trim() !== '');
  const isPhone = /^(sent from (my |outlook|mail|yahoo)|get outlook for |enviado desde |obtener outlook para )/i.test(
    lines[last]?.trim() ?? '',
  );
  return lines.slice(0, isPhone ? last : last + 1);
}

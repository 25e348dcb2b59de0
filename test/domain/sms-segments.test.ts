import fc from 'fast-check';
import { plainSpelling, smsSegments } from '../../domain/sms-segments';

describe('smsSegments', () => {
  it.each<[string, string, ReturnType<typeof smsSegments>]>([
    ['nothing', '', { encoding: 'GSM-7', units: 0, segments: 0 }],
    ['160 plain letters in one segment', 'a'.repeat(160), { encoding: 'GSM-7', units: 160, segments: 1 }],
    ['161 plain letters in two', 'a'.repeat(161), { encoding: 'GSM-7', units: 161, segments: 2 }],
    ['306 plain letters in two', 'a'.repeat(306), { encoding: 'GSM-7', units: 306, segments: 2 }],
    ['307 plain letters in three', 'a'.repeat(307), { encoding: 'GSM-7', units: 307, segments: 3 }],
    ['the euro as two units', '€'.repeat(80), { encoding: 'GSM-7', units: 160, segments: 1 }],
    ['Spanish letters that cost nothing', 'ñ é ü ¿ ¡ Ñ É Ü', { encoding: 'GSM-7', units: 15, segments: 1 }],
    ['one accent that makes the text UCS-2', `á${'a'.repeat(69)}`, { encoding: 'UCS-2', units: 70, segments: 1 }],
    ['71 units of UCS-2 in two segments', `á${'a'.repeat(70)}`, { encoding: 'UCS-2', units: 71, segments: 2 }],
    ['an emoji as two units', '👍'.repeat(35), { encoding: 'UCS-2', units: 70, segments: 1 }],
    ['an emoji that does not fit into what is left of a segment', '👍'.repeat(67), { encoding: 'UCS-2', units: 134, segments: 3 }],
    [
      'an escaped character that does not fit into what is left of a segment',
      `${'a'.repeat(152)}€${'a'.repeat(152)}`,
      { encoding: 'GSM-7', units: 306, segments: 3 },
    ],
  ])('counts %s', (_, text, expected) => {
    expect(smsSegments(text)).toEqual(expected);
  });
});

describe('plainSpelling', () => {
  it.each([
    ['Su cita está lista. ¿Sí o no, señor Núñez?', 'Su cita esta lista. ¿Si o no, señor Nuñez?'],
    ['“Ana’s” — ok…\u202fAM', '"Ana\'s" - ok... AM'],
    ['Mun\u0303oz', 'Muñoz'],
    ['Łukasz', 'Łukasz'], // no plain form by taking accents away: unchanged
    ['María 你好', 'María 你好'], // UCS-2 in any case, so the accent is free
  ])('spells %j as %j', (text, expected) => {
    expect(plainSpelling(text)).toBe(expected);
  });

  it('never makes a text dearer and leaves what is GSM-7 alone', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        const [old, plain] = [smsSegments(text), smsSegments(plainSpelling(text))];
        expect(plain.segments).toBeLessThanOrEqual(old.segments);
        if (old.encoding === 'GSM-7') expect(plainSpelling(text)).toBe(text);
      }),
    );
  });
});

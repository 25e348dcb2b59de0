import fc from 'fast-check';
import type { Label } from '../../bench/opt-out-corpus';
import { LANGUAGES, missesOf, qualityOf, readCorpus } from '../../bench/opt-out-corpus';
import { readOptOut } from '../../domain/opt-out';
import { wishOf } from '../../domain/opt-out/reading';

const tuned = readCorpus('tuned');
const heldOut = readCorpus('held-out');
const told = (label: Label, texts: ReturnType<typeof missesOf>): string[] =>
  texts.filter((miss) => miss.label === label).map(({ text, read }) => `${text} → ${read}`);

describe('the corpus of opt-out texts', () => {
  it('has four hundred texts and more, half of them traps, in both languages', () => {
    expect(tuned.length).toBeGreaterThan(400);
    expect(tuned.filter(({ label }) => label === 'none').length / tuned.length).toBeGreaterThan(0.4);
    for (const language of LANGUAGES) expect(tuned.filter((text) => text.language === language).length).toBeGreaterThan(20);
    expect(heldOut.length).toBeGreaterThan(100);
  });

  it('keeps the held-out texts out of the tuned ones', () => {
    const known = new Set(tuned.map(({ text }) => text.toLowerCase()));
    const shared = heldOut.filter(({ text }) => known.has(text.toLowerCase()));
    // Single words and the plainest sentences are what anybody would write twice.
    expect(shared.length / heldOut.length).toBeLessThan(0.2);
  });

  it('has no text twice', () => {
    const texts = tuned.map(({ text }) => text);
    expect(texts.filter((text, i) => texts.indexOf(text) !== i)).toEqual([]);
  });
});

describe('readOptOut on the texts it was tuned on', () => {
  it('misses no plain revocation', () => expect(told('out', missesOf(tuned))).toEqual([]));
  it('takes no other text for one, and asks nobody back who did not ask', () => expect(told('none', missesOf(tuned))).toEqual([]));
  it('knows who wants to come back, and who asks how to leave', () => {
    expect([...told('in', missesOf(tuned)), ...told('help', missesOf(tuned))]).toEqual([]);
  });
});

describe('readOptOut on texts it never saw', () => {
  it('finds at least 95 of 100 revocations, and is right in at least 95 of 100 that it calls so', () => {
    const { precision, recall } = qualityOf(heldOut, 'out');
    expect(recall).toBeGreaterThanOrEqual(0.95);
    expect(precision).toBeGreaterThanOrEqual(0.95);
  });

  it('reads at least 95 of 100 as they are meant', () => {
    expect(missesOf(heldOut).length / heldOut.length).toBeLessThanOrEqual(0.05);
  });
});

describe('wishOf', () => {
  it.each([
    ['stop texting me', 'out'],
    ["don't stop texting me", null],
    ["my sister won't stop texting me lol", null],
    ['why did you stop texting me', null],
    ["I'll stop texting you now", null],
    ["don't text me at work", null],
    ["don't text me. Text my cell instead", null],
    ["Text me again and I'll report you. Stop texting me", 'out'],
    ["if you don't text me I forget", null],
    ['how do I stop these texts? STOP TEXTING ME', 'out'],
    ['How do I stop these texts?', 'help'],
    ['Stop. You have the wrong number', 'out'],
    ["Stop! You're making me blush", null],
    ['I texted STOP by accident', null],
    ['no me escriban', 'out'],
    ['no me escriban antes de las 9', null],
    ['no dejen de escribirme', null],
  ])('reads "%s" as %s', (text, wish) => {
    expect(wishOf(text)).toBe(wish);
  });

  it('reads a revocation whatever its case, its accents, its drawn-out letters and what is polite around it', () => {
    const revocation = fc.constantFrom(
      'stop texting me',
      'no me escriban más',
      'take me off your list',
      'dejen de mandarme mensajes',
      "don't text me",
    );
    const dress = fc.constantFrom<(text: string) => string>(
      (text) => text.toUpperCase(),
      (text) => text.normalize('NFD').replace(/\p{M}/gu, ''),
      (text) => `${text}!!!!`,
      (text) => `Hi, ${text}, thanks`,
      (text) => `por favor ${text} 🙏`,
      (text) => text.replace(/(\w)$/, '$1$1$1$1'),
      (text) => `  ${text.split(' ').join('   ')}  `,
    );
    fc.assert(
      fc.property(revocation, fc.array(dress, { maxLength: 4 }), (text, dresses) => {
        expect(wishOf(dresses.reduce<string>((worn, wear) => wear(worn), text))).toBe('out');
      }),
    );
  });

  it('bears any text of the longest length there is, quickly', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => [null, 'in', 'out', 'help'].includes(wishOf(text))));
    const worst = 'stop with the these my more text '.repeat(50);
    const from = performance.now();
    wishOf(worst);
    expect(performance.now() - from).toBeLessThan(500);
  });
});

describe('an exact word', () => {
  it('counts before anything that free text might mean', () => {
    expect(readOptOut('CANCEL', { askedToResubscribe: false })).toEqual({ kind: 'out', mayMeanVisit: true, answeredByTwilio: true });
    expect(readOptOut('please cancel', { askedToResubscribe: false })).toBeNull();
    expect(readOptOut('stop texting me', { askedToResubscribe: false })).toEqual({
      kind: 'out',
      mayMeanVisit: false,
      answeredByTwilio: false,
    });
  });
});

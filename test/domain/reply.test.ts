import fc from 'fast-check';
import { answerReply, parseReply, type ReplyDecision } from '../../domain/reply';

const tuesday = { appointmentId: 'tuesday', startsAt: '2027-03-16T14:00:00.000Z' };
const thursday = { appointmentId: 'thursday', startsAt: '2027-03-18T19:00:00.000Z' };
const which = { intent: 'confirm' as const, appointmentIds: ['tuesday', 'thursday'] };

describe('parseReply', () => {
  it.each(['1', 'C', 'c', 'Y', 'Yes', 'yes!', 'SI', 'Sí.', 'CONFIRM', 'Confirmar', ' 1. ', '1️⃣', 'Yes 👍', '“C”', '(1)'])(
    'takes %j for a confirmation',
    (text) => {
      expect(parseReply(text)).toBe('confirm');
    },
  );

  it.each(['2', 'R', ' r ', '2️⃣', 'R!', 'Reschedule', 'reprogramar'])('takes %j for a wish to move the visit', (text) => {
    expect(parseReply(text)).toBe('reschedule');
  });

  it.each(['', '3', '12', '1 2', 'yes but later', 'confirm tuesday', 'ok', 'No', 'C1', 'see you', 'cc', '👍'])(
    'leaves %j to the conversation',
    (text) => {
      expect(parseReply(text)).toBeNull();
    },
  );
});

describe('answerReply', () => {
  it.each<[string, Parameters<typeof answerReply>[0], ReplyDecision]>([
    [
      'asks about the present time of a visit that was moved since it was asked about',
      { text: 'C', open: [{ ...tuesday, moved: true }], which: null },
      { kind: 'which', intent: 'confirm', appointmentIds: ['tuesday'] },
    ],
    [
      'confirms that time once it has been named',
      { text: '1', open: [{ ...tuesday, moved: true }], which: { intent: 'confirm', appointmentIds: ['tuesday'] } },
      { kind: 'confirm', appointmentId: 'tuesday' },
    ],
    [
      'confirms the visit that we asked about, not one that was moved since',
      { text: 'C', open: [{ ...tuesday, moved: true }, thursday], which: null },
      { kind: 'confirm', appointmentId: 'thursday' },
    ],
    ['confirms the one visit we asked about', { text: 'C', open: [tuesday], which: null }, { kind: 'confirm', appointmentId: 'tuesday' }],
    [
      'starts moving the one visit we asked about',
      { text: 'R', open: [tuesday], which: null },
      { kind: 'reschedule', appointmentId: 'tuesday' },
    ],
    ['asks which of two visits, in order of time', { text: 'yes', open: [thursday, tuesday], which: null }, { kind: 'which', ...which }],
    [
      'asks which of two visits to move',
      { text: '2', open: [thursday, tuesday], which: null },
      { kind: 'which', intent: 'reschedule', appointmentIds: ['tuesday', 'thursday'] },
    ],
    ['leaves an answer without a question to the conversation', { text: 'C', open: [], which: null }, { kind: 'conversation' }],
    ['leaves other words to the conversation', { text: 'Is there parking?', open: [tuesday], which: null }, { kind: 'conversation' }],
    [
      'confirms the visit that was chosen',
      { text: 'C2', open: [thursday, tuesday], which },
      { kind: 'confirm', appointmentId: 'thursday' },
    ],
    [
      'moves the visit that was chosen, whatever was said before',
      { text: 'r 1', open: [thursday, tuesday], which },
      { kind: 'reschedule', appointmentId: 'tuesday' },
    ],
    [
      'takes a bare number after the list for the visit, not for an answer',
      { text: '2.', open: [thursday, tuesday], which },
      { kind: 'confirm', appointmentId: 'thursday' },
    ],
    [
      'takes a bare number for the visit to move when that was the question',
      { text: '1', open: [thursday, tuesday], which: { ...which, intent: 'reschedule' } },
      { kind: 'reschedule', appointmentId: 'tuesday' },
    ],
    ['asks again after a plain yes', { text: 'YES', open: [thursday, tuesday], which }, { kind: 'which', ...which }],
    ['asks again after a number that is not on the list', { text: 'C3', open: [thursday, tuesday], which }, { kind: 'which', ...which }],
    ['never counts from nought', { text: '0', open: [thursday, tuesday], which }, { kind: 'which', ...which }],
    [
      'keeps the numbers of the list when a visit on it is cancelled meanwhile',
      { text: 'C2', open: [thursday], which },
      { kind: 'confirm', appointmentId: 'thursday' },
    ],
    [
      'asks rather than take another visit than the one that was meant',
      { text: 'C1', open: [thursday], which },
      { kind: 'which', intent: 'confirm', appointmentIds: ['thursday'] },
    ],
    ['takes a plain yes for the one visit left', { text: 'yes', open: [thursday], which }, { kind: 'confirm', appointmentId: 'thursday' }],
    [
      'leaves other words after the list to the conversation',
      { text: 'both please', open: [thursday, tuesday], which },
      { kind: 'conversation' },
    ],
    ['leaves a choice to the conversation when nothing is open any more', { text: 'C1', open: [], which }, { kind: 'conversation' }],
    ['leaves C1 to the conversation when there was no list', { text: 'C1', open: [tuesday], which: null }, { kind: 'conversation' }],
  ])('%s', (_, question, expected) => {
    expect(answerReply(question)).toEqual(expected);
  });

  it('never acts on a visit that is not open, whatever is said', () => {
    const visits = fc.uniqueArray(fc.constantFrom<string[]>('a', 'b', 'c', 'd'));
    const text = fc.oneof(fc.constantFrom('1', '2', '3', 'C', 'R', 'C1', 'R2', 'c 4', 'yes'), fc.string());
    const list = fc.option(fc.record({ intent: fc.constantFrom('confirm' as const, 'reschedule' as const), appointmentIds: visits }));
    fc.assert(
      fc.property(text, visits, list, (said, ids, asked) => {
        const open = ids.map((appointmentId, day) => ({ appointmentId, startsAt: `2027-03-1${day}T10:00:00.000Z` }));
        const decision = answerReply({ text: said, open, which: asked });
        const named = 'appointmentId' in decision ? [decision.appointmentId] : 'appointmentIds' in decision ? decision.appointmentIds : [];
        expect(named.filter((id) => !ids.includes(id))).toEqual([]);
      }),
    );
  });
});

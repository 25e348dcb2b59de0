import { answerQuestions, offerOf, offerRef, type Asked, type OfferReply } from '../../domain/offer-reply';
import type { ReplyDecision } from '../../domain/reply';

const visit = { appointmentId: 'tuesday', startsAt: '2027-03-16T14:00:00.000Z' };
const offer = { offerId: 'monday', startsAt: '2027-03-15T14:00:00.000Z' };
const other = { offerId: 'friday', startsAt: '2027-03-19T14:00:00.000Z' };

const answer = (text: string, more: Partial<Asked> = {}) =>
  answerQuestions({ text, visits: [], offers: [offer], which: null, lastOfferId: 'monday', ...more });

describe('a text while a freed time is offered', () => {
  it.each(['1', 'C', 'YES', 'Sí', 'y', 'Confirm'])('takes it by %j', (text) => {
    expect(answer(text)).toEqual({ kind: 'take', offerId: 'monday' });
  });

  it.each(['2', 'R', 'No', 'no thanks', 'No, thank you!', 'No gracias', 'pass'])('lets it pass by %j', (text) => {
    expect(answer(text)).toEqual({ kind: 'pass', offerId: 'monday' });
  });

  it.each<[string, string, Partial<Asked>, ReplyDecision | OfferReply]>([
    [
      'asks which when a visit waits for its confirmation too, in order of time',
      'yes',
      { visits: [visit] },
      { kind: 'which', intent: 'confirm', appointmentIds: ['offer/monday', 'tuesday'] },
    ],
    [
      'takes the offer that was chosen of the list',
      'C1',
      { visits: [visit], which: { intent: 'confirm', appointmentIds: ['offer/monday', 'tuesday'] }, lastOfferId: null },
      { kind: 'take', offerId: 'monday' },
    ],
    [
      'lets the chosen one pass',
      'R1',
      { visits: [visit], which: { intent: 'confirm', appointmentIds: ['offer/monday', 'tuesday'] }, lastOfferId: null },
      { kind: 'pass', offerId: 'monday' },
    ],
    [
      'confirms the visit that was chosen',
      '2',
      { visits: [visit], which: { intent: 'confirm', appointmentIds: ['offer/monday', 'tuesday'] }, lastOfferId: null },
      { kind: 'confirm', appointmentId: 'tuesday' },
    ],
    [
      'lets the offer pass by a no though a visit waits too: a no confirms nothing',
      'no',
      { visits: [visit] },
      { kind: 'pass', offerId: 'monday' },
    ],
    [
      'asks which of two offers',
      '1',
      { offers: [offer, other] },
      { kind: 'which', intent: 'confirm', appointmentIds: ['offer/monday', 'offer/friday'] },
    ],
    ['leaves a no to two offers to the conversation', 'no', { offers: [offer, other] }, { kind: 'conversation' }],
    ['leaves other words to the conversation', 'how long does it take?', {}, { kind: 'conversation' }],
    ['is late when the offer has ended', 'yes', { offers: [] }, { kind: 'late', offerId: 'monday' }],
    [
      'never confirms a visit by a yes to an offer that has ended',
      'yes',
      { offers: [], visits: [visit] },
      { kind: 'late', offerId: 'monday' },
    ],
    ['never moves a visit by a 2 to an offer that has ended', '2', { offers: [], visits: [visit] }, { kind: 'pass', offerId: 'monday' }],
    [
      'confirms a visit when the offer was not the last thing said',
      'yes',
      { offers: [], visits: [visit], lastOfferId: null },
      { kind: 'confirm', appointmentId: 'tuesday' },
    ],
  ])('%s', (...[, text, more, expected]) => {
    expect(answer(text, more)).toEqual(expected);
  });

  it('names an offer in a list of visits so that it is found again', () => {
    expect(offerOf(offerRef('monday'))).toBe('monday');
    expect(offerOf('01900000-0000-7000-8000-000000000000')).toBeNull();
  });
});

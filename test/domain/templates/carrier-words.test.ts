import { carrierWordsAsked } from '../../../domain/templates/carrier-words';

const wordsOf = (text: string) => carrierWordsAsked(text).map(({ word, index }) => [word, text.slice(index, index + word.length)]);

describe('carrierWordsAsked', () => {
  it.each([
    'Reply CANCEL to cancel your visit.',
    'Reply 1 to confirm or CANCEL to cancel.',
    'Reply 1 to confirm, CANCEL to cancel.',
    'Text "cancel" to cancel',
    'To cancel your visit, reply STOP.',
    'If you cannot come, text us CANCEL.',
    'Please reply with STOP to change the time',
    'Send END to finish your booking.',
    'Reply CANCEL.',
    'Reply STOP to cancel the visit',
    'Responda CANCELAR para cancelar su cita.',
    'Responda 1 para confirmar o CANCELAR para cancelar.',
    'Envíe BAJA para cambiar la cita',
    'Para cancelar su cita responda PARAR.',
    'Reply STOP to opt out or CANCEL to cancel your visit.',
  ])('finds what would block the number: %s', (text) => {
    const found = wordsOf(text);
    expect(found).toHaveLength(1);
    expect(found[0]?.[0]).toBe(found[0]?.[1]);
  });

  it.each([
    'Reply STOP to opt out.',
    'Reply STOP to unsubscribe',
    'Reply STOP',
    'Text STOP to stop receiving texts.',
    'Txt STOP 2 opt out',
    'Reply HELP for help, STOP to opt out.',
    'Reply 1 or C to confirm, 2 or R to reschedule.',
    'Reply R to cancel or move your visit.',
    'Your visit was canceled. Reply R to book again.',
    'We stop for lunch at noon. Reply 1 to confirm.',
    'To cancel your visit, open the link.',
    'To opt out reply STOP.',
    'Responda STOP para no recibir más.',
    'Responda BAJA para darse de baja.',
    'Responda R para cancelar su cita.',
    'Su cita queda cancelada. Responda R para reservar otra vez.',
    'Call us to cancel.',
    'Para cancelar llame al 212 555 0100.',
    'At the end of your visit, tell us how it was.',
  ])('leaves alone: %s', (text) => expect(wordsOf(text)).toEqual([]));
});

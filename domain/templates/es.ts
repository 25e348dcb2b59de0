import type { MessageVars } from './vars';
import { whenOf, type Content, type Wording } from './wording';

const CHANGES = 'Detalles o cambios';
const visit = { shows: 'visit', greets: true } as const;

const reminder = (vars: MessageVars): Content => ({
  ...visit,
  subject: `Recordatorio: su cita del ${whenOf(vars)}`,
  says: `Le recordamos su cita del ${whenOf(vars)}`,
  asks: true,
  link: CHANGES,
});

const who = ({ contactName }: MessageVars) => contactName ?? 'un contacto';

/** Spelled properly; texts are spelled plainly where an accent would double their price (sms-segments.ts). The vendor knows START, STOP and HELP only. */
export const spanish: Wording = {
  greeting: (name) => (name ? { sms: `Hola, ${name}.`, email: `Hola, ${name}:` } : { sms: '', email: 'Hola:' }),
  withStaff: (name) => `con ${name}`,
  labels: { when: 'Cuándo', service: 'Servicio', staff: 'Con', place: 'Dónde', phone: 'Teléfono' },
  ask: {
    sms: 'Responda 1 o C para confirmar, 2 o R para cambiarla.',
    link: 'Confirmar o cambiar su cita',
    call: (phone) => `Para confirmar su cita, llame al ${phone}.`,
  },
  optOut: 'Responda STOP para no recibir más.',
  addToCalendar: 'Agregar a su calendario',
  andMore: (count) => `y ${count} más`,
  rules: {
    confirmation: (vars) => ({
      ...visit,
      subject: `Su cita queda reservada: ${whenOf(vars)}`,
      says: `Su cita queda reservada para el ${whenOf(vars)}`,
      asks: true,
      link: CHANGES,
      calendar: true,
    }),
    '7d': reminder,
    '3d': reminder,
    '1d': reminder,
    '2h': (vars) => ({
      ...reminder(vars),
      subject: `Le esperamos: ${whenOf(vars)}`,
      says: `Le esperamos pronto. Su cita es el ${whenOf(vars)}`,
    }),
    change_notice: (vars) => ({
      ...visit,
      subject: `Su cita ha cambiado: ${whenOf(vars)}`,
      says: vars.oldWhen ? `Su cita pasa del ${vars.oldWhen} al ${whenOf(vars)}` : `Su cita ha cambiado. Ahora es el ${whenOf(vars)}`,
      asks: true,
      link: CHANGES,
      calendar: true,
    }),
    cancellation_notice: (vars) => ({
      ...visit,
      subject: `Su cita del ${whenOf(vars)} queda cancelada`,
      says: `Su cita del ${whenOf(vars)} queda cancelada`,
      link: 'Reservar otra vez',
    }),
    no_show_followup: (vars) => ({
      subject: 'No pudimos verle',
      says: `No pudimos verle el ${whenOf(vars)}. Nos gustaría atenderle otro día`,
      greets: true,
      link: 'Elegir otra hora',
    }),
    staff_new_booking: (vars) => ({
      subject: `Nueva cita: ${whenOf(vars)}`,
      says: `Nueva cita: ${who(vars)}, ${whenOf(vars)}`,
      shows: 'visit',
    }),
    staff_change: (vars) => ({
      subject: `Cita cambiada: ${whenOf(vars)}`,
      says: vars.oldWhen
        ? `Cita cambiada: ${who(vars)}, del ${vars.oldWhen} al ${whenOf(vars)}`
        : `Cita cambiada: ${who(vars)}, ${whenOf(vars)}`,
      shows: 'visit',
    }),
    staff_cancellation: (vars) => ({
      subject: `Cita cancelada: ${whenOf(vars)}`,
      says: `Cita cancelada: ${who(vars)}, ${whenOf(vars)}`,
      shows: 'visit',
    }),
    staff_daily_schedule: (vars) => ({
      subject: `Agenda del ${whenOf(vars)}`,
      says: vars.visits?.length ? `Agenda del ${whenOf(vars)}` : `No hay citas el ${whenOf(vars)}`,
      shows: 'visits',
    }),
    confirm_ack: (vars) => ({ subject: 'Su cita queda confirmada', says: `Gracias. Su cita del ${whenOf(vars)} queda confirmada` }),
    which_visit: (_, channel) => ({
      subject: '¿A qué cita se refiere?',
      says: '¿A qué cita se refiere?',
      shows: 'choices',
      ...(channel === 'sms' && { closing: 'Responda C y su número para confirmarla (C1), R y su número para cambiarla (R1).' }),
      ...(channel === 'email' && { link: 'Sus citas' }),
    }),
    reschedule_link: (vars) => ({
      subject: 'Otra hora para su cita',
      says: vars.link
        ? `Elija otra hora para su cita del ${whenOf(vars)}`
        : `Le escribiremos para buscar otra hora para su cita del ${whenOf(vars)}`,
      link: 'Elegir la hora',
    }),
    opt_out_ack: (_, channel) => ({
      aboutOptOut: true,
      subject: 'Ya no recibirá mensajes',
      says: 'Ya no recibirá nuestros mensajes automáticos',
      ...(channel === 'sms' && { closing: 'Responda START para recibirlos otra vez.' }),
    }),
    opt_in_ack: (_, channel) => ({
      aboutOptOut: true,
      subject: 'Recibirá nuestros mensajes otra vez',
      says: 'Recibirá nuestros mensajes otra vez',
      ...(channel === 'sms' && { closing: 'Responda HELP para ayuda, STOP para no recibir más.' }),
    }),
    help: ({ phone }, channel) => ({
      aboutOptOut: true,
      subject: 'Ayuda',
      says: phone
        ? `Le escribimos sobre sus citas. Para ayuda llame al ${phone}`
        : 'Le escribimos sobre sus citas. Para ayuda escríbanos aquí',
      ...(channel === 'sms' && { closing: 'Responda STOP para no recibir más. Su operador puede cobrar por mensajes y datos.' }),
    }),
    waitlist_offer: (vars, channel) => ({
      ...visit,
      aboutOptOut: true,
      subject: `Hay una hora libre: ${whenOf(vars)}`,
      says: `Usted esperaba una hora y hay una libre el ${whenOf(vars)}`,
      closing:
        channel === 'sms'
          ? 'Responda 1 para tomarla o 2 para dejarla pasar, en 30 minutos. Responda STOP para no recibir más.'
          : 'Por favor responda en 30 minutos: después le preguntamos a otra persona.',
      link: 'Tomarla o dejarla',
    }),
    waitlist_lost: (vars) => ({
      subject: 'Esa hora ya no está libre',
      says: vars.visits?.length
        ? `Lo sentimos, la hora del ${whenOf(vars)} ya no está libre. Las próximas son`
        : `Lo sentimos, la hora del ${whenOf(vars)} ya no está libre. Usted sigue en nuestra lista de espera`,
      greets: true,
      shows: 'visits',
      link: 'Elegir una hora',
    }),
    waitlist_removed: () => ({
      subject: 'Ya no está en nuestra lista de espera',
      says: 'Le preguntamos tres veces sin respuesta, así que ya no está en nuestra lista de espera. Llámenos o escríbanos para volver a ella',
      greets: true,
    }),
    waitlist_decline_ack: () => ({
      subject: 'Sigue en nuestra lista de espera',
      says: 'Gracias por avisarnos. Sigue en nuestra lista de espera',
    }),
    handoff: () => ({ subject: 'Gracias por su mensaje', says: 'Gracias por su mensaje. Una persona de nuestro equipo le responderá' }),
  },
};

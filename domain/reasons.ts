import type { Locale, Reason } from './message';

/** When a reason speaks: of a plan, at the gate, or of the vendor's answer. `final`: not sent; `held`: until something else happens; `deferred`: goes later by itself. */
export type ReasonKind = 'final' | 'held' | 'deferred';

export type ReasonWords = {
  kinds: readonly [ReasonKind, ...ReasonKind[]];
  /** Completes "Not sent, because …", "Held back, because …", "Waiting until …, because …". */
  because: Record<Locale, string>;
  /** What an operator does about it; null: nothing. */
  todo: string | null;
};

/** Every reason code there is, for people. docs/messaging.md is kept equal to it by a test. */
export const REASONS: Record<Reason, ReasonWords> = {
  past_due: {
    kinds: ['final'],
    because: { en: 'its time was over before the booking', es: 'su hora ya había pasado al reservar' },
    todo: null,
  },
  too_late: {
    kinds: ['final'],
    because: { en: 'it would have come too late to be of use', es: 'habría llegado demasiado tarde para servir' },
    todo: 'Many of them: look for an outage, or for quiet hours so wide that nothing fits.',
  },
  overtaken: {
    kinds: ['final'],
    because: { en: 'the next reminder was already due', es: 'ya tocaba el siguiente recordatorio' },
    todo: null,
  },
  superseded: { kinds: ['final'], because: { en: 'the visit was moved', es: 'la cita cambió de hora' }, todo: null },
  cancelled: { kinds: ['final'], because: { en: 'the visit was cancelled', es: 'la cita se canceló' }, todo: null },
  not_needed: { kinds: ['final'], because: { en: 'it was no longer needed', es: 'ya no hacía falta' }, todo: null },
  rule_off: {
    kinds: ['final'],
    because: { en: 'this reminder is switched off', es: 'este recordatorio está desactivado' },
    todo: 'Switch the rule on if it is missed.',
  },
  quiet_no_room: {
    kinds: ['final'],
    because: { en: 'quiet hours left no time for it', es: 'el horario de silencio no dejó tiempo' },
    todo: null,
  },
  business_inactive: {
    kinds: ['held', 'final'],
    because: { en: 'the business is paused', es: 'el negocio está en pausa' },
    todo: 'Resume the business: what is still of use goes then. One that was canceled sends nothing more.',
  },
  suppressed: {
    kinds: ['final'],
    because: { en: 'the contact opted out', es: 'la persona pidió no recibir mensajes' },
    todo: 'Nothing: only the person lifts it, by START or a link. Call them yourself if it matters.',
  },
  dnc: {
    kinds: ['final', 'deferred'],
    because: {
      en: 'the number is on the do-not-call list, or the list has not answered yet',
      es: 'el número está en la lista de no llamar, o la lista aún no respondió',
    },
    todo: 'Take the number off the own list if it stands there by mistake. Deferred: see that the external list answers.',
  },
  no_consent: {
    kinds: ['final'],
    because: { en: 'there is no consent for this channel', es: 'no hay consentimiento para este canal' },
    todo: 'Ask the person, and note the consent with the words they were shown. Marketing needs it written.',
  },
  no_address: {
    kinds: ['final'],
    because: { en: 'there is no number or address for it', es: 'no hay número ni dirección' },
    todo: 'Complete the contact.',
  },
  channel_unusable: {
    kinds: ['final'],
    because: { en: 'the number or address cannot take it', es: 'el número o la dirección no lo admite' },
    todo: 'Ask the person for another number or address.',
  },
  no_postal_address: {
    kinds: ['final'],
    because: {
      en: 'marketing e-mail must name a postal address, and the business has none here',
      es: 'un correo comercial debe llevar una dirección postal, y el negocio no tiene ninguna aquí',
    },
    todo: 'Set `postal_address` of the business.',
  },
  quiet_hours: {
    kinds: ['deferred', 'final'],
    because: { en: 'it is quiet hours for the contact', es: 'es horario de silencio para la persona' },
    todo: 'Nothing: it goes by itself when they end. A call is refused for good.',
  },
  velocity_per_min: {
    kinds: ['final'],
    because: { en: 'too many went out this minute', es: 'salieron demasiados en este minuto' },
    todo: 'Nothing, unless it happens all day: then something calls in a loop.',
  },
  velocity_daily: {
    kinds: ['final'],
    because: { en: "the day's limit is reached", es: 'se alcanzó el límite del día' },
    todo: 'Raise the cap in the compliance settings if the calls are wanted.',
  },
  contact_cap: {
    kinds: ['deferred'],
    because: { en: 'the contact had enough messages in 24 hours', es: 'la persona ya recibió suficientes mensajes en 24 horas' },
    todo: 'Nothing: it goes when the oldest of them is a day old.',
  },
  international_blocked: {
    kinds: ['final'],
    because: { en: 'international numbers are blocked', es: 'los números internacionales están bloqueados' },
    todo: "Allow numbers abroad in the compliance settings. From the vendor: open the country in the vendor's console.",
  },
  trial_outbound_disabled: {
    kinds: ['final'],
    because: { en: 'a trial calls nobody', es: 'una prueba no llama a nadie' },
    todo: 'Allow outbound calls of trials in the compliance settings.',
  },
  registration_pending: {
    kinds: ['held'],
    because: { en: "the number's registration is pending", es: 'el registro del número está pendiente' },
    todo: 'Follow the registration; e-mail goes on meanwhile.',
  },
  vendor_down: {
    kinds: ['deferred'],
    because: { en: 'the carrier does not answer', es: 'el operador no responde' },
    todo: 'Nothing: it goes when the vendor is back. Over five minutes: look at its status page.',
  },
  sender_busy: {
    kinds: ['deferred'],
    because: { en: 'many messages are leaving from this number', es: 'salen muchos mensajes de este número' },
    todo: 'Nothing: each waits for its place. Every day: a number of its own, or a faster one.',
  },
  whatsapp_window: {
    kinds: ['final', 'deferred'],
    because: {
      en: 'the contact has not written on WhatsApp in the last 24 hours',
      es: 'la persona no ha escrito por WhatsApp en las últimas 24 horas',
    },
    todo: 'Name an approved template for the rule and language.',
  },
  whatsapp_no_template: {
    kinds: ['final'],
    because: {
      en: 'the contact has not written on WhatsApp in the last 24 hours and no approved template fits',
      es: 'la persona no ha escrito por WhatsApp en las últimas 24 horas y no hay plantilla aprobada',
    },
    todo: 'Name an approved template for the rule and language; text and e-mail go on meanwhile.',
  },
  whatsapp_marketing_us: {
    kinds: ['final'],
    because: {
      en: 'WhatsApp delivers no marketing to United States numbers',
      es: 'WhatsApp no entrega publicidad a números de Estados Unidos',
    },
    todo: null,
  },
  vendor_refused: {
    kinds: ['final'],
    because: { en: 'the vendor refused it', es: 'el proveedor lo rechazó' },
    todo: "Look at the vendor's code beside it.",
  },
  cadence_ended: {
    kinds: ['final'],
    because: {
      en: 'its cadence had ended: the contact replied, booked or opted out, or somebody stopped it',
      es: 'su secuencia había terminado: la persona respondió, reservó o pidió la baja, o alguien la detuvo',
    },
    todo: null,
  },
  no_template: {
    kinds: ['final'],
    because: {
      en: 'its template is gone, has no words for this channel, or is now of another class',
      es: 'su plantilla ya no existe, no tiene texto para este canal o ahora es de otra clase',
    },
    todo: 'Name another template in the step of the cadence.',
  },
};

/** Asks to be written to again. Somebody who never opted out loses nothing by it. */
export const RETURNING = [
  '^ start <message>? $',
  'start|resume texting|sending|messaging me|us|texts|messages|reminders',
  '^ resubscribe',
  'resubscribe me',
  'sign me back up',
  'sign me up again for',
  'you|u can text|message|write me again',
  'want|like to? get|receive|getting|receiving? <det>? <message> again',
  'opt|optin me? back in',
  '^ unstop $',
  '^ iniciar $',
  'quiero|quisiera|deseo recibir <det>? <message> otra|de vez|nuevo',
  'volver a recibir <det>? <message>',
  '^ vuelvan|vuelva|vuelve a <writeEs>',
  'pueden|puede|puedes volver a <writeEs>',
  'vuelvanme|vuelveme a inscribir|suscribir|apuntar',
  'inscribeme|inscribanme|suscribanme|suscribeme|suscribirme|inscribirme otra|de vez|nuevo',
];

/** Asks how to end it: the answer to HELP says so. */
export const ASKING_HOW = [
  'how do|can|would|could i|we to? stop *2 <message>',
  'how do|can|would|could i|we unsubscribe|optout',
  'how do|can|would|could i|we get off *2 <list>',
  'how do|can|would i|we make *1 stop',
  'how to stop|unsubscribe|optout',
  'what do|should i text|reply|send|type to stop|unsubscribe|optout',
  'como me doy|darme|puedo|hago|le de|darme|para *3 baja',
  'como cancelo|paro|detengo|quito <det>? <message>',
  'como|que le? hago para no|dejar de? recibir',
  'como me salgo|quito|borro de <det>? <list>',
];

/** A word for help that is all that a message says. */
export const HELP_ALONE = [
  'help',
  'info',
  'information',
  'more info',
  'ayuda',
  'ayudame',
  'ayudenme',
  'mas informacion',
  'mas info',
  'informacion',
];

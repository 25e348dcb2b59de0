import type { Vocabulary } from '../phrases';

/** Words that change nothing: how people ask, greet and press. */
const FILLERS =
  'please thanks thank you hi hello hey ok okay k now already just immediately asap again anymore ever right it guys so really seriously ' +
  'por favor porfa favor gracias esto ya hola de una vez ahora mismo and y but pero from this me the';

/** The word classes of both languages together, since people mix them. */
const CLASSES: Readonly<Record<string, string>> = {
  // --- English
  stop: 'stop, quit, cease, discontinue',
  write: 'text, message, contact, sms, write, spam, bug, bother, harass, ping, dm, solicit, call, phone, email',
  writing:
    'texting, messaging, contacting, writing, spamming, bugging, bothering, harassing, pinging, annoying, soliciting, reaching out, sending, calling, emailing, hitting, ' +
    'blowing up, mandando, enviando, mandandome, enviandome, escribiendo, escribiendome, mandarme, mandar, enviar, enviarme',
  me: 'me, us, this number, my number, this phone, my phone, this cell, my cell, this',
  mine:
    'my number, this number, my phone number, my phone, my cell, my cell number, my mobile, this phone number, this phone, this cell, my info, my information, ' +
    'my contact, my contact info, my data, mi numero, mi number',
  message:
    'text, texts, message, messages, text messages, text message, msgs, sms, notification, notifications, alerts, text alerts, text notifications, reminders, ' +
    'spam, crap, communication, communications, contact, mensaje, mensajes, sms, texto, textos, aviso, avisos, notificacion, notificaciones, recordatorio, ' +
    'recordatorios, promociones, promos, publicidad, propaganda',
  det:
    'the, these, this, those, all, any, your, my, of, from, other, such, los, las, la, el, de, sus, su, tus, tu, estos, este, esta, estas, esa, ese, esos, todos, ' +
    'todos los, mas, mis, mi, un, una',
  adj: 'automated, automatic, future, text, texting, marketing, promotional, appointment, further, damn, more, stupid, annoying, unwanted, constant, mas',
  more: 'more, no more, any more, further, anymore, mas, any',
  list: 'list, lists, database, system, records, file, files, contacts, texts, messages, lista, listas, base, contactos, sistema, mensajes, avisos, service, program',
  listKind: 'text, texting, message, messaging, mailing, contact, call, calling, marketing, sms, phone, contactos, datos',
  told: 'told, asked, asking, telling, tell, said to, begged',
  not: 'dont, didnt, nor, never, nolonger, not, wont, cant, doesnt',
  remove: 'remove, delete, erase, drop, clear, remueve',
  // --- Spanish
  leaveOff: 'deja, dejen, deje, dejar, dejes, dejenme, dejame, dejeme, para, paren, pare, parar, parale, parenle, dejaran',
  halt:
    'paren, parenle, parar, desactive, apaguen, anulen, pare, detengan, detenga, detener, deten, suspendan, suspenda, suspender, suspende, cesen, cese, cesar, eviten, evite, evitar, ' +
    'cancelen, cancele, cancela, cancelar, quiten, quite, quitar, desactiven, desactivar',
  writeEs:
    'escribir, escribirme, escribirnos, mandar, mandarme, mandarnos, mandando, mandandome, enviar, enviarme, enviarnos, enviando, enviandome, llamar, llamarme, ' +
    'textear, textearme, texteando, texteandome, molestar, molestarme, molestando, molestandome, contactar, contactarme, chingar, chingando, spamear, spameando, joder, jodiendo, ' +
    'fastidiar, fastidiando, insistir, acosar, acosarme, escribiendo, escribiendome',
  writeMe:
    'escriban, escriba, escribas, contacten, contacte, contactes, molesten, moleste, molestes, texteen, textee, textees, llamen, llame, llames, busquen',
  sendMe: 'manden, mande, mandes, envien, envie, envies, mandar, enviar, mandan mas',
  want: 'quiero, deseo, quisiera, me interesa, necesito, queremos, pedi, acepto, autorizo, gusta',
  takeMeOff:
    'sacame, saquenme, saqueme, sacarme, quitame, quitenme, quiteme, quitarme, borrame, borrenme, borreme, borrarme, eliminame, eliminenme, elimineme, ' +
    'eliminarme, remuevame, remuevanme, removerme, retirame, retirenme, retireme, retirarme, bajame, bajenme, bajeme, quitar, borrar, sacar, eliminar, salir, ' +
    'salirme, remove me, take me off, tachenme, excluyanme, me borren, me quiten, me saquen, me eliminen, me borre, me quite',
  takeOff:
    'borra, borren, borre, borrar, elimina, eliminen, elimine, eliminar, quita, quiten, quite, quitar, saca, saquen, saque, sacar, remueve, remuevan, ' +
    'remueva, retira, retiren, retire, remover',
  day:
    'monday, tuesday, wednesday, thursday, friday, saturday, sunday, mondays, tuesdays, wednesdays, thursdays, fridays, saturdays, sundays, today, tomorrow, ' +
    'tonight, lunes, martes, miercoles, jueves, viernes, sabado, domingo, sabados, domingos, hoy, manana',
};

export const VOCABULARY: Vocabulary = { classes: CLASSES, fillers: new Set(FILLERS.split(' ')) };

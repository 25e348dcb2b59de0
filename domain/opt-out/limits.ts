// What takes a revoking phrase back, in the notation of domain/phrases.ts.

/** Right before a demand or a statement: "don't stop texting me", "I don't want to opt out", "no dejen de avisarme". */
export const DENIED = ['dont|wont|cant|never|doesnt|didnt|not|without want|need|ever? to?', 'no|nunca quiero|quisiera|deseo|se|me?'];

/** Right before a demand or a statement: "why did you stop texting", "if you stop texting". */
export const ASKED = [
  'did|have|has|why you|yall|they *1',
  'do|does|should i|we *1',
  'why|when did you *1',
  'por que|porque ya?',
  'if|should|when you|i|we *1',
  'si yo?',
];

/** Right before a demand: somebody else is meant, "I'll stop texting you". */
export const ABOUT_OTHERS = ['i|ill|id|ive|we|she|he|they|it will|would|should|can?'];

/** Right before a refusal: "if you don't text me back". */
export const TOLD_OF = ['you|they|he|she|if|why'];

/** What follows and narrows it to a place, a time, a language, a topic: a wish to be written to otherwise, for a person to read. */
export const NARROWED_AFTER = [
  // where
  '*2 at|to work|home|school|office|night',
  '*2 al trabajo|celular|cel|telefono|numero|correo',
  '*2 por whatsapp|correo|email|telefono|llamada',
  '*2 a la|mi|ese|esa|aquel|su casa|oficina|trabajo|numero|esposo|esposa|marido|mama|papa|hija|hijo|hermana|hermano|doctora',
  '*1 a ese|esa|otro|mi|la',
  // when
  '*2 before|after|until|till|while|during|unless|except|between|past',
  '*2 antes|despues|hasta|mientras|durante|tan|cuando',
  '*2 en|por la noche|manana|tarde',
  '*2 de noche|madrugada|dia',
  '*2 in the morning|mornings|evening|evenings|afternoon',
  '*2 twice',
  'temporal',
  '*1 ahorita|ahora|hoy|todavia|yet',
  '*3 so|this|that|too early|late|often|much|many',
  '*2 on|for|el|del|los|este|para <day>',
  '*2 at 1|2|3|4|5|6|7|8|9|10|11|12',
  // in what language
  '*3 in|en english|spanish|ingles|espanol',
  // what else
  '*3 invoice|invoices|bill|bills|estimate|ubicacion|flowers',
  'i just? sent',
  '*1 instead',
  'the|a code|photo|photos|picture|pic|address|link|total|price',
  'mi|la|el|una|esa cita|linea|seguro',
  '*1 de espera',
  '*1 anterior|viejo|vieja',
];

/** Whoever says so wants to be written to, only elsewhere or otherwise. */
export const REDIRECTED = [
  '^ just|only|instead? text|message|msg|whatsapp|write to? me|us',
  '^ just|only text|texts|message|messages $',
  '^ texts|messages only',
  '^ just message|text me',
  'text|message my cell|mobile|other|new',
  'use|call|try this|that|my one|number|other|new',
  'text|texting|message|messages is|are better|best|easier',
  '^ mejor? manda|manden|mande|mandame|mandenme mensaje|mensajes|texto',
  '^ mejor? escribeme|escribanme|escribame|escribirme|mandame|mandenme|mandeme|textea|texteame|texteenme',
  'este|esta es el|la mio|mia|nuevo|nueva',
  'mine|one is',
  'send it to mine',
];

/** A slip, told afterwards. */
export const BY_MISTAKE = [
  'accidentally|accident|mistake|error|mistakenly',
  'sin querer|pensar',
  'puedo escribir|poner|mandar stop|alto|baja',
];

/** "Text me again and I call my lawyer" is no wish. */
export const THREATENED = ['again', 'one more', 'una vez mas', 'otra vez'];

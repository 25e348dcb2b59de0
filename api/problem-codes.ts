import { APPOINTMENT_PROBLEMS } from './problem-codes-appointment';
import { CADENCE_PROBLEMS } from './problem-codes-cadence';
import { TEMPLATE_PROBLEMS } from './problem-codes-template';
import { WAITLIST_PROBLEMS } from './problem-codes-waitlist';
import { entry, type ProblemEntry } from './problem-entry';

/** Every answer that is not a success, by its stable code: what `code` and `error` say, and what the docs page lists. */
export const PROBLEMS = {
  ...APPOINTMENT_PROBLEMS,
  ...TEMPLATE_PROBLEMS,
  ...WAITLIST_PROBLEMS,
  ...CADENCE_PROBLEMS,
  malformed_json: entry(400, ['Malformed JSON', 'JSON mal formado'], ['The body is not valid JSON.', 'El cuerpo no es JSON válido.']),
  malformed_upload: entry(
    400,
    ['Malformed upload', 'Carga mal formada'],
    ['The body is not a complete multipart form with one file.', 'El cuerpo no es un formulario multipart completo con un archivo.'],
  ),
  unauthorized: entry(
    401,
    ['Log-in needed', 'Se necesita iniciar sesión'],
    ['Send a valid API key or session: Authorization: Bearer …', 'Envíe una clave de API o una sesión válida: Authorization: Bearer …'],
  ),
  wrong_login: entry(
    401,
    ['Wrong log-in', 'Acceso incorrecto'],
    ['E-mail or password is wrong.', 'El correo o la contraseña no son correctos.'],
  ),
  forbidden: entry(403, ['Not allowed', 'No permitido'], ['Your role does not allow this.', 'Su rol no permite esta acción.']),
  cross_site: entry(
    403,
    ['Cross-site request', 'Petición de otro sitio'],
    ['A request with the session cookie must come from this site.', 'Una petición con la cookie de sesión debe venir de este sitio.'],
  ),
  not_found: entry(404, ['Not found', 'No encontrado'], ['There is no such thing here.', 'Aquí no existe.']),
  method_not_allowed: entry(
    405,
    ['Method not allowed', 'Método no permitido'],
    ['This path does not take this method.', 'Esta ruta no admite este método.'],
  ),
  already_exists: entry(
    409,
    ['Already exists', 'Ya existe'],
    ['Something with these values exists already.', 'Ya existe algo con estos valores.'],
  ),
  has_future_appointments: entry(
    409,
    ['Has future appointments', 'Tiene citas futuras'],
    ['Move or cancel its future appointments first.', 'Primero mueva o cancele sus citas futuras.'],
  ),
  quarantine_settled: entry(
    409,
    ['Settled already', 'Ya resuelto'],
    ['Somebody has assigned or dismissed this message. Undo that first.', 'Alguien ya asignó o descartó este mensaje. Primero deshágalo.'],
  ),
  quarantine_waiting: entry(
    409,
    ['Waits already', 'Ya está en espera'],
    ['There is nothing to undo: this message waits in quarantine.', 'No hay nada que deshacer: este mensaje espera en cuarentena.'],
  ),
  in_use: entry(409, ['Still in use', 'Aún en uso'], ['Something active still depends on it.', 'Algo activo todavía depende de esto.']),
  try_again: entry(
    409,
    ['Try again', 'Inténtelo de nuevo'],
    ['It collided with another change. Nothing was changed; try again.', 'Chocó con otro cambio. Nada cambió; inténtelo de nuevo.'],
  ),
  message_not_unknown: entry(
    409,
    ['Already settled', 'Ya está resuelto'],
    [
      'What became of this message is known; nothing is left to decide.',
      'Ya se sabe qué pasó con este mensaje; no queda nada por decidir.',
    ],
  ),
  gone: entry(410, ['Gone', 'Ya no existe'], ['This is no longer available.', 'Ya no está disponible.']),
  sign_in_link_gone: entry(
    410,
    ['This link no longer works', 'Este enlace ya no funciona'],
    ['It was used, or is older than 20 minutes. Ask for a new one.', 'Ya se usó o tiene más de 20 minutos. Pida uno nuevo.'],
  ),
  changed_meanwhile: entry(
    412,
    ['Changed meanwhile', 'Cambió mientras tanto'],
    [
      'It was changed since you read it. Read it again and repeat the edit.',
      'Cambió desde que lo leyó. Léalo de nuevo y repita la edición.',
    ],
  ),
  too_large: entry(
    413,
    ['Too large', 'Demasiado grande'],
    ['The body is larger than this path takes.', 'El cuerpo es más grande de lo que admite esta ruta.'],
  ),
  unsupported_media_type: entry(
    415,
    ['Unsupported content type', 'Tipo de contenido no admitido'],
    [
      'Send application/json (multipart/form-data where a file is asked for).',
      'Envíe application/json (multipart/form-data donde se pide un archivo).',
    ],
  ),
  invalid: entry(422, ['Invalid', 'No válido'], ['Some fields are not valid: see errors.', 'Algunos campos no son válidos: vea errors.']),
  local_time_missing: entry(
    422,
    ['No such local time', 'Esa hora local no existe'],
    ['The clock is put forward over this local time.', 'El cambio de hora se salta esta hora local.'],
  ),
  local_time_twice: entry(
    422,
    ['Local time occurs twice', 'Esa hora local ocurre dos veces'],
    [
      'The clock is put back over this local time: give an offset.',
      'El cambio de hora repite esta hora local: indique la diferencia con UTC.',
    ],
  ),
  'contact.merged_elsewhere': entry(
    409,
    ['Merged already', 'Ya se unió'],
    ['That contact became another one before: merge that one instead.', 'Ese contacto ya se unió a otro: una aquel en su lugar.'],
  ),
  unknown_reference: entry(
    404,
    ['Unknown id', 'Id desconocido'],
    ['An id in the request names nothing of this business.', 'Un id de la petición no nombra nada de este negocio.'],
  ),
  idempotency_key_reused: entry(
    422,
    ['Idempotency-Key reused', 'Idempotency-Key repetida'],
    ['This Idempotency-Key was used for another request.', 'Esta Idempotency-Key ya se usó para otra petición.'],
  ),
  idempotency_key_required: entry(
    422,
    ['Idempotency-Key needed', 'Falta Idempotency-Key'],
    [
      'Send an Idempotency-Key: a repeated request must not send twice.',
      'Envíe una Idempotency-Key: una petición repetida no debe enviar dos veces.',
    ],
  ),
  too_many: entry(
    429,
    ['Too many requests', 'Demasiadas peticiones'],
    ['Wait before the next request, and add some jitter.', 'Espere antes de la próxima petición y añada una variación al azar.'],
  ),
  internal: entry(
    500,
    ['Our mistake', 'Error nuestro'],
    ['Something went wrong here. It was noted under the request id.', 'Algo falló aquí. Quedó anotado con el id de la petición.'],
  ),
  unavailable: entry(
    503,
    ['Not available', 'No disponible'],
    ['The service is not ready. Try again shortly.', 'El servicio no está listo. Inténtelo en un momento.'],
  ),
} as const satisfies Record<string, ProblemEntry>;

export type ProblemCode = keyof typeof PROBLEMS;

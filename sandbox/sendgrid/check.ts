import { z } from 'zod';

/** One error as SendGrid lists it. */
export type MailError = { message: string; field: string | null; help: string | null };

const Address = z.strictObject({ email: z.string(), name: z.string().optional() });
const Args = z.record(z.string(), z.string());

/** The fields of v3 that exist at all: a misspelt one is refused here rather than silently without effect. */
const Mail = z.strictObject({
  personalizations: z
    .array(
      z.strictObject({
        to: z
          .array(Address)
          .min(
            1,
            'The to array is required for all personalization objects, and must have at least one email object with a valid email address.',
          ),
        cc: z.array(Address).optional(),
        bcc: z.array(Address).optional(),
        subject: z.string().optional(),
        headers: Args.optional(),
        substitutions: Args.optional(),
        custom_args: Args.optional(),
        send_at: z.number().optional(),
      }),
    )
    .min(1)
    .max(1_000),
  from: Address,
  reply_to: Address.optional(),
  subject: z.string().optional(),
  content: z.array(z.strictObject({ type: z.string().min(1), value: z.string().min(1) })).min(1),
  attachments: z
    .array(
      z.strictObject({
        content: z.base64().min(1),
        filename: z.string().min(1),
        type: z
          .string()
          .regex(/^[^;\r\n]+$/, "The type cannot contain ';', or CRLF characters.")
          .optional(),
        disposition: z.enum(['inline', 'attachment']).optional(),
        content_id: z.string().optional(),
      }),
    )
    .optional(),
  headers: Args.optional(),
  categories: z.array(z.string()).max(10).optional(),
  custom_args: Args.optional(),
  mail_settings: z.record(z.string(), z.unknown()).optional(),
  tracking_settings: z.record(z.string(), z.unknown()).optional(),
  asm: z.strictObject({ group_id: z.number(), groups_to_display: z.array(z.number()).optional() }).optional(),
});

export type Mail = z.infer<typeof Mail>;

const HELP = 'http://sendgrid.com/docs/API_Reference/Web_API_v3/Mail/errors.html';
/** Those that SendGrid writes itself. */
const RESERVED = /^(x-sg-id|x-sg-eid|received|dkim-signature|content-type|content-transfer-encoding|to|from|subject|reply-to|cc|bcc)$/i;
const ARGS_BYTES = 10_000;

/** What SendGrid finds wrong with a mail, empty for nothing; https://www.twilio.com/docs/sendgrid/api-reference/mail-send/errors, 2026-11. */
export function checkMail(body: unknown): { mail: Mail } | { errors: MailError[] } {
  const read = Mail.safeParse(body);
  if (!read.success)
    return {
      errors:
        body === undefined ? [error('Bad Request', null)] : read.error.issues.map(({ message, path }) => error(message, path.join('.'))),
    };
  const mail = read.data;
  const errors = [...wrongAddresses(mail), ...wrongSubject(mail), ...wrongContent(mail), ...wrongHeaders(mail), ...wrongArgs(mail)];
  return errors.length > 0 ? { errors } : { mail };
}

const error = (message: string, field: string | null): MailError => ({
  message,
  field,
  help: field === null ? null : `${HELP}#message.${field}`,
});

const isAddress = (email: string): boolean => email.length <= 320 && /^[^\s@<>()[\],;:"]+@[^\s@]+\.[^\s@.]{2,}$/.test(email);

function wrongAddresses({ personalizations, from }: Mail): MailError[] {
  const recipients = personalizations.flatMap(({ to }, at) =>
    to.map(({ email }, n) => ({ email, field: `personalizations.${at}.to.${n}.email` })),
  );
  return [...recipients, { email: from.email, field: 'from.email' }]
    .filter(({ email }) => !isAddress(email))
    .map(({ email, field }) => error(`Does not contain a valid address: ${email}`, field));
}

const wrongSubject = ({ personalizations, subject }: Mail): MailError[] =>
  personalizations.every((one) => Boolean(one.subject ?? subject))
    ? []
    : [error('The subject is required. You can get around this requirement if you use a template with a subject defined.', 'subject')];

function wrongContent({ content }: Mail): MailError[] {
  const types = content.map(({ type }) => type);
  const late = types.includes('text/plain') && types[0] !== 'text/plain';
  return late ? [error('If present, text/plain must be first, followed by text/html, followed by any other content.', 'content')] : [];
}

const wrongHeaders = ({ headers = {}, personalizations }: Mail): MailError[] =>
  [headers, ...personalizations.map((one) => one.headers ?? {})]
    .flatMap((all) => Object.keys(all))
    .filter((name) => RESERVED.test(name))
    .map((name) => error(`The header ${name} is reserved and cannot be used.`, `headers.${name}`));

const wrongArgs = ({ custom_args: args = {} }: Mail): MailError[] =>
  Buffer.byteLength(JSON.stringify(args)) > ARGS_BYTES ? [error('The custom_args exceed the limit of 10000 bytes.', 'custom_args')] : [];

/** The part of a logger that the rooms use; pino is made at the entry points. Never a name, number, address or text: ids and codes only. */
export type Log = {
  debug: (fields: object, message: string) => void;
  info: (fields: object, message: string) => void;
  warn: (fields: object, message: string) => void;
  error: (fields: object, message: string) => void;
};

/** What a span tells: ids, counts, codes, words of ours. Never a name, number, address or text of a person; a test reads every byte that is sent. */
export type SpanFacts = Record<string, string | number | boolean>;

export type SpanAsked = {
  name: string;
  /** Who asks and who answers: `producer` hands on what is done later, `consumer` does it. */
  kind: 'server' | 'client' | 'producer' | 'consumer';
  facts?: SpanFacts;
  /** The W3C traceparent of what caused it, carried here from elsewhere; null: nothing did, a new trace. Left out: the span that runs. */
  parent?: string | null;
  /** The traceparent of what it has to do with but was not caused by: a reminder and the booking of a week ago. */
  link?: string | null;
};

export interface Span {
  rename: (name: string) => void;
  note: (facts: SpanFacts) => void;
  /** It failed, in our words or by a code, never by an error's message. */
  fail: (code: string) => void;
}

export interface Tracing {
  /** Runs `work` inside a span that ends with it. An error fails the span by its name and goes on. */
  span: <Result>(asked: SpanAsked, work: (span: Span) => Promise<Result>) => Promise<Result>;
  /** Of the span that runs, to be carried where no call leads; null: nobody traces. */
  traceparent: () => string | null;
  /** Sends what has not been sent. */
  close: () => Promise<void>;
}

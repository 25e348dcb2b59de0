/** What a model says of a text: whether its writer wants no more messages. `no_opinion`: it could not be asked, or what it said made no sense. */
export type OptOutOpinion = { kind: 'out' | 'not_out' } | { kind: 'no_opinion'; why: string };

export interface OptOutJudge {
  /** Asks once about one text. Never throws: who gets no answer goes by the rules alone. */
  judge(text: string): Promise<OptOutOpinion>;
}

import type Router from '@koa/router';
import { randomBytes } from 'node:crypto';
import type { Context } from 'koa';
import { z } from 'zod';
import { accept } from '../acceptance';
import type { Background } from '../background';
import type { Faults } from '../faults';
import { readJson } from '../http';

export type OpenAiDeps = { apiKey: string; faults: Faults; background: Background };

/** What Usher asks by the Responses API: one text, a structured answer, nothing kept. */
const Asked = z.object({
  model: z.string().min(1),
  instructions: z.string().min(1),
  input: z.string().min(1),
  text: z.object({
    format: z.object({
      type: z.literal('json_schema'),
      name: z.string().min(1),
      strict: z.literal(true),
      schema: z.record(z.string(), z.unknown()),
    }),
  }),
  max_output_tokens: z.int().positive(),
  store: z.literal(false),
});
type Asked = z.infer<typeof Asked>;

/** The part of OpenAI's API that Usher speaks. It is no model: it knows these ways of saying that enough is enough, and no other. */
export function openAiRoutes(router: Router, { apiKey, faults, background }: OpenAiDeps): void {
  router.post('/v1/responses', async (ctx) => {
    if (ctx.get('authorization') !== `Bearer ${apiKey}`) {
      refuse(ctx, 401, 'invalid_api_key');
      return;
    }
    const asked = Asked.safeParse(await readJson(ctx));
    if (!asked.success) {
      refuse(ctx, 400, 'invalid_request_error');
      return;
    }
    await accept(ctx, {
      fault: faults.forRequest('openai', [asked.data.input]),
      background,
      on: {
        commit: () => Promise.resolve(),
        answer: () => {
          ctx.body = responseTo(asked.data, JSON.stringify({ opt_out: KNOWN.some((words) => words.test(asked.data.input)) }));
        },
        // `bad_json`: what a model says that was cut off.
        refuse: (code) => {
          if (code === 'bad_json') ctx.body = responseTo(asked.data, '{"opt_out":');
          else refuse(ctx, 400, code ?? 'invalid_request_error');
        },
        limit: (retryAfterS) => {
          ctx.set('Retry-After', String(retryAfterS));
          refuse(ctx, 429, 'rate_limit_exceeded');
        },
        fail: () => refuse(ctx, 500, 'server_error'),
      },
    });
  });
}

const KNOWN: readonly RegExp[] = [
  /forget (that )?I exist/i,
  /had enough of (you|these|your)/i,
  /olv[ií]d(ense|ate) de que existo/i,
  /me tienen harta?/i,
];

/** https://platform.openai.com/docs/api-reference/responses/object, 2026-11; a test holds it against the SDK's types. */
const responseTo = ({ model, instructions, text, max_output_tokens }: Asked, said: string) => ({
  id: `resp_${randomBytes(24).toString('hex')}`,
  object: 'response' as const,
  created_at: Math.floor(Date.now() / 1_000),
  status: 'completed' as const,
  error: null,
  incomplete_details: null,
  instructions,
  max_output_tokens,
  model,
  output: [
    {
      type: 'message' as const,
      id: `msg_${randomBytes(24).toString('hex')}`,
      status: 'completed' as const,
      role: 'assistant' as const,
      content: [{ type: 'output_text' as const, text: said, annotations: [] }],
    },
  ],
  parallel_tool_calls: true,
  temperature: 1,
  tool_choice: 'auto' as const,
  tools: [],
  top_p: 1,
  metadata: {},
  text,
  usage: {
    input_tokens: 180,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 8,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 188,
  },
});

function refuse(ctx: Context, status: number, code: string): void {
  ctx.status = status;
  ctx.body = { error: { message: `Error ${code}`, type: status === 429 ? 'requests' : 'invalid_request_error', param: null, code } };
}

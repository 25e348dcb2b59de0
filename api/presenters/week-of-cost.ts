import { z } from 'zod';

export const WeekOfCost = z
  .object({
    week_start: z.iso.date().meta({ description: 'a Monday' }),
    channel: z.string(),
    messages: z.int(),
    segments: z.int(),
    cost_micros: z.int().meta({ description: 'millionths of a US dollar' }),
    estimated_micros: z.int().meta({ description: 'the part of it that no vendor has confirmed yet' }),
    unpriced: z.int().meta({ description: 'messages whose price nobody knows' }),
  })
  .meta({ id: 'WeekOfCost' });

import type { Connection } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import { temporal } from '@temporalio/proto';

const { INDEXED_VALUE_TYPE_KEYWORD } = temporal.api.enums.v1.IndexedValueType;
/** Set at the start of every process; lists of one business are filtered by it. */
export const BUSINESS_ID = defineSearchAttributeKey('BusinessId', 'KEYWORD');

const WANTED = { BusinessId: INDEXED_VALUE_TYPE_KEYWORD, Attention: INDEXED_VALUE_TYPE_KEYWORD };

/** Registers what lists are filtered by: an unregistered attribute fails every start. Registering twice is harmless. */
export async function ensureSearchAttributes({ operatorService }: Connection, namespace: string): Promise<void> {
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  const missing = Object.fromEntries(Object.entries(WANTED).filter(([name]) => !(name in customAttributes)));
  if (Object.keys(missing).length > 0) await operatorService.addSearchAttributes({ namespace, searchAttributes: missing });
}

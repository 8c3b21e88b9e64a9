import { ProxyError, ServerError } from '../errors.js';
import type { SlotSpan } from './edits.js';
import { NO_EFFECTS, type Pin, type RefusePlan } from './plan.js';

/**
 * The plan of a statement that is refused for what a rule threw.
 * @param isBound the refusal holds for the statement's own literals only
 */
export function refusalOf(
  error: unknown,
  slots: readonly SlotSpan[],
  reduced: Buffer,
  isBound: boolean,
): RefusePlan {
  const base = {
    outcome: 'refuse',
    pins: pinAll(slots, reduced, isBound),
    effects: NO_EFFECTS,
    bytes: 600,
  } as const;
  if (error instanceof ServerError) {
    const { errno, sqlState } = error;
    return { ...base, error: { errno, sqlState }, message: error.message, anchor: null };
  }
  if (error instanceof ProxyError) {
    const anchor = error.position === undefined ? null : anchorOf(error.position, slots);
    return { ...base, error: { code: error.code }, message: error.message, anchor };
  }
  return {
    ...base,
    error: { code: 'TC_INTERNAL' },
    message: 'the statement could not be analysed; please report it',
    anchor: null,
  };
}

/** A refusal that comes from what a string says, SQL or XPath, holds for that string only. */
export function pinAll(slots: readonly SlotSpan[], reduced: Buffer, isBound: boolean): Pin[] {
  if (!isBound && !/prepare|execute|extractv|updatexml/i.test(reduced.toString('latin1'))) return [];
  return slots
    .filter((slot) => slot.kind === 'slot')
    .map((slot) => ({ slot: slot.ordinal, bytes: Buffer.from(reduced.subarray(slot.start, slot.end)) }));
}

/** A position that moves with the lengths of the literals in front of it. */
function anchorOf(position: number, slots: readonly SlotSpan[]): { slot: number; delta: number } {
  let anchor = { slot: -1, delta: position };
  for (const slot of slots) {
    if (slot.kind !== 'slot' || slot.end > position) continue;
    anchor = { slot: slot.ordinal, delta: position - slot.end };
  }
  return anchor;
}

import type { ColumnType, FamilyColumnType } from '../column-type.js';
import { decimal } from './decimal.js';
import { double } from './double.js';
import { json } from './json.js';
import { temporal } from './temporal.js';
import { time } from './time.js';
import { timestamp } from './timestamp.js';
import type { TypeFamily } from './type-family.js';

const FAMILIES: {
  readonly [K in FamilyColumnType['kind']]: TypeFamily<Extract<FamilyColumnType, { kind: K }>>;
} = { decimal, double, json, temporal, time, timestamp };

/** What is known of a declared type besides strings, bytes and integers. */
export function familyOf<T extends FamilyColumnType>(type: T): TypeFamily<T> {
  return FAMILIES[type.kind] as unknown as TypeFamily<T>;
}

/** Whether a declared type has a family; strings, bytes and integers have their rules elsewhere. */
export function hasFamily(type: ColumnType): type is FamilyColumnType {
  return type.kind in FAMILIES;
}

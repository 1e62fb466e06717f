import { randomLetters } from '../placing/order-number.ts';

/** A new return number, e.g. "RT-7K2M9QX4T0ZB": the return's reference in the ERP, as not to be guessed as an order's. */
export const newReturnNumber = (): string => `RT-${randomLetters()}`;

/** Reference in the ERP of the return's nth credit memo, from 1: "CM-7K2M9QX4T0ZB-1". */
export const memoReference = (returnNumber: string, nth: number): string => `CM-${returnNumber.slice(3)}-${nth}`;

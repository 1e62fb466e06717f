import { prepared, type Sql } from '../../../platform/stores/sql.ts';

const EXAMINED = prepared('select examined from pricing.book_state');

/** Whether the first passes have ended and their rules were compared with each other: from then on there are prices. */
export async function isExamined(sql: Sql): Promise<boolean> {
  const [state] = await sql.query<{ examined: boolean }>(EXAMINED);
  return state!.examined;
}

/** Of two who ask at once the second waits for the end of the first. */
export const lockState = async (tx: Sql): Promise<void> => {
  await tx.query('select from pricing.book_state for update');
};

export const markExamined = (tx: Sql): Promise<number> => tx.run('update pricing.book_state set examined = true');

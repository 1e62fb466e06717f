/** One run of a process, from its start until it is killed. */
export interface Life {
  readonly isOver: boolean;
  /** Settles as the promise does, or never, when the process is dead by then. */
  whileAlive<T>(promise: Promise<T>): Promise<T>;
  /** Called once, when the process is killed; at once when it is dead already. */
  onEnd(bury: () => Promise<void> | void): void;
  /** Called before each statement: where a process may be made to die. */
  beforeStatement(): void;
  /** kill -9: nothing of it goes on, nothing it waits for is heard. */
  end(): void;
  /** When nothing of a dead process is under way any more. */
  buried(): Promise<unknown>;
}

/** @param omen asked before each statement: whether it is the last moment */
export function createLife(omen: () => boolean): Life {
  const heirs: (() => Promise<void> | void)[] = [];
  let buried: Promise<unknown> = Promise.resolve();
  const life = {
    isOver: false,
    whileAlive: <T>(promise: Promise<T>): Promise<T> => new Promise((resolve, reject) => {
      promise.then((value) => life.isOver || resolve(value), (error: unknown) => life.isOver || reject(error as Error));
    }),
    onEnd: (bury: () => Promise<void> | void) => void (life.isOver ? bury() : heirs.push(bury)),
    beforeStatement: () => void (!life.isOver && omen() && life.end()),
    end: () => {
      if (life.isOver) return;
      life.isOver = true;
      buried = Promise.all(heirs.map((bury) => bury()));
    },
    buried: () => buried,
  };
  return life;
}

/** Begins nothing for the dead, and tells them nothing. */
export const doWhileAlive = <T>(life: Life, work: () => Promise<T>): Promise<T> => (life.isOver ? new Promise<never>(() => undefined) : life.whileAlive(work()));

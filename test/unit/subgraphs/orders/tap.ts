/** Called around every method of a fake: throw to fail, never resolve to play dead. */
export type Tap = (moment: 'before' | 'after', method: string) => Promise<void> | void;

export const never = (): Promise<never> => new Promise(() => undefined);

/** Wraps every function of a port with the taps around it. */
export function tapped<T extends object>(port: T, tap: () => Tap): T {
  return new Proxy(port, {
    get: (target, name) => {
      const method = Reflect.get(target, name) as unknown;
      if (typeof method !== 'function') return method;
      return async (...values: unknown[]) => {
        await tap()('before', String(name));
        const answer: unknown = await (method as (...given: unknown[]) => unknown).apply(target, values);
        await tap()('after', String(name));
        return answer;
      };
    },
  });
}

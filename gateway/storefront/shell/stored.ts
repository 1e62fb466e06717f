/** A JSON value in the browser's storage; without storage (private windows, quotas) it lives as long as the page. */
export interface Stored<T> {
  read(): T | null;
  write(value: T | null): void;
}

export function stored<T>(area: 'localStorage' | 'sessionStorage', key: string): Stored<T> {
  let memory: T | null = null;
  return {
    read: () => {
      try {
        const text = window[area].getItem(key);
        return text === null ? memory : (JSON.parse(text) as T);
      } catch {
        return memory;
      }
    },
    write: (value) => {
      memory = value;
      try {
        if (value === null) window[area].removeItem(key);
        else window[area].setItem(key, JSON.stringify(value));
      } catch {
        // Kept in memory.
      }
    },
  };
}

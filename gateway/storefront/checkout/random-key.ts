/** 128 random bits as text, also where a page is not served over TLS and crypto.randomUUID is missing. */
export const randomKey = (): string => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

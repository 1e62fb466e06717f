/** What a person does to the vendors, as `npm run sandbox` does it: over the sandbox's control API. */
export interface SandboxControl {
  readonly url: string;
  command(name: string, args: object): Promise<unknown>;
  fault(rule: object): Promise<void>;
  clearFaults(): Promise<void>;
  /** Sales orders of the ERP with this client_order_ref. */
  ordersOf(reference: string): Promise<readonly { readonly name: string; readonly state: string }[]>;
  calls(): Promise<Readonly<Record<string, number>>>;
}

export function createSandboxControl(url: string): SandboxControl {
  const send = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${url}/sandbox${path}`, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    return answer;
  };
  return {
    url,
    command: (name, args) => send('POST', `/commands/${name}`, args),
    fault: async (rule) => void (await send('PUT', '/faults', rule)),
    clearFaults: async () => void (await send('DELETE', '/faults')),
    ordersOf: (reference) => send('GET', `/orders?reference=${encodeURIComponent(reference)}`) as Promise<never>,
    calls: () => send('GET', '/calls') as Promise<never>,
  };
}

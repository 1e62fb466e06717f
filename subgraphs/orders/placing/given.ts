/** The value under its name, or nothing at all: what was not given is absent, so that it is no part of a payload's hash. */
export const given = <Name extends string, Value>(name: Name, value: Value | null | undefined): { readonly [K in Name]?: Value } =>
  (value == null ? {} : { [name]: value }) as { readonly [K in Name]?: Value };

/** An error as Odoo words it: `name` is the Python class, `status` what /json/2 answers with. */
export class OdooError extends Error {
  override readonly name: string;
  readonly status: number;

  constructor(name: string, status: number, message: string) {
    super(message);
    this.name = name;
    this.status = status;
  }

  /** The body of /json/2, and `error.data` of /jsonrpc. HTTP errors carry their status as second argument. */
  get body(): { readonly name: string; readonly message: string; readonly arguments: readonly unknown[]; readonly context: object; readonly debug: string } {
    const isHttp = this.name.startsWith('werkzeug.');
    const debug = `Traceback (most recent call last):\n${this.name}: ${this.message}\n`;
    return { name: this.name, message: this.message, arguments: isHttp ? [this.message, this.status] : [this.message], context: {}, debug };
  }
}

export const valueError = (message: string): OdooError => new OdooError('builtins.ValueError', 500, message);
export const userError = (message: string): OdooError => new OdooError('odoo.exceptions.UserError', 422, message);
export const validationError = (message: string): OdooError => new OdooError('odoo.exceptions.ValidationError', 422, message);
export const accessError = (message: string): OdooError => new OdooError('odoo.exceptions.AccessError', 403, message);
export const badArguments = (message: string): OdooError => new OdooError('werkzeug.exceptions.UnprocessableEntity', 422, message);
export const notFound = (message: string): OdooError => new OdooError('werkzeug.exceptions.NotFound', 404, message);

export const missing = (model: string, id: unknown, uid: number): OdooError =>
  new OdooError('odoo.exceptions.MissingError', 404, `Record does not exist or has been deleted.\n(Record: ${model}(${String(id)},), User: ${String(uid)})`);

export const invalidField = (field: string, model: string): OdooError => valueError(`Invalid field '${field}' on '${model}'`);

import type { UserErrorView } from '../graph/types.ts';
import { useShop } from '../shell/shop.ts';
import { elementId, fieldOf, FIELDS, type FormField, type FormValues } from './form-fields.ts';

export interface OrderFormProps {
  readonly values: FormValues;
  readonly errors: readonly UserErrorView[];
  readonly disabled: boolean;
  readonly onChange: (path: string, value: string) => void;
}

/** Contact and address. Every refusal is shown at the field it names. */
export function OrderForm(props: OrderFormProps) {
  const { words } = useShop();
  const [contact, shipTo] = [FIELDS.filter(({ path }) => path.startsWith('contact.')), FIELDS.filter(({ path }) => path.startsWith('shipTo.'))];
  return (
    <>
      <fieldset class="form-part" disabled={props.disabled}>
        <legend>{words.contact}</legend>
        {contact.map((field) => <TextField key={field.path} field={field} {...props} />)}
      </fieldset>
      <fieldset class="form-part" disabled={props.disabled}>
        <legend>{words.address}</legend>
        {shipTo.map((field) => (field.name === 'countryCode' ? <CountryField key={field.path} {...props} /> : <TextField key={field.path} field={field} {...props} />))}
      </fieldset>
      <fieldset class="form-part" disabled={props.disabled}>
        <legend>{words.note} <span class="muted">{words.optional}</span></legend>
        <div class="field field-wide">
          <textarea id={elementId('note')} aria-label={words.note} rows={3} maxLength={2000} value={props.values['note'] ?? ''} onInput={(event) => props.onChange('note', event.currentTarget.value)} />
          <FieldError path="note" errors={props.errors} />
        </div>
      </fieldset>
    </>
  );
}

function TextField({ field: { path, name, autocomplete, required }, values, errors, onChange }: OrderFormProps & { readonly field: FormField }) {
  const { words } = useShop();
  // Preact types every kind of input apart; to this component they are alike.
  const type = (name === 'email' ? 'email' : name === 'phone' ? 'tel' : 'text') as 'text';
  return (
    <div class={`field field-${name}`}>
      <label for={elementId(path)}>{words.fields[name]}{!required && <span class="muted"> {words.optional}</span>}</label>
      <input id={elementId(path)} type={type} autocomplete={autocomplete} value={values[path] ?? ''} aria-required={required} {...describedBy(path, errors)} onInput={(event) => onChange(path, event.currentTarget.value)} />
      <FieldError path={path} errors={errors} />
    </div>
  );
}

const COUNTRIES = ['AT', 'AU', 'BE', 'CA', 'CH', 'CZ', 'DE', 'DK', 'ES', 'FI', 'FR', 'GB', 'IE', 'IT', 'JP', 'LU', 'NL', 'NO', 'PL', 'PT', 'SE', 'US'];

function CountryField({ values, errors, onChange }: OrderFormProps) {
  const { words, languageTag } = useShop();
  const path = 'shipTo.countryCode';
  const names = new Intl.DisplayNames(languageTag, { type: 'region' });
  const countries = COUNTRIES.map((code) => ({ code, name: names.of(code) ?? code })).sort((a, b) => a.name.localeCompare(b.name, languageTag));
  return (
    <div class="field field-countryCode">
      <label for={elementId(path)}>{words.fields.countryCode}</label>
      <select id={elementId(path)} autocomplete="country" value={values[path] ?? ''} aria-required {...describedBy(path, errors)} onChange={(event) => onChange(path, event.currentTarget.value)}>
        <option value="" />
        {countries.map(({ code, name }) => <option key={code} value={code}>{name}</option>)}
      </select>
      <FieldError path={path} errors={errors} />
    </div>
  );
}

const messagesAt = (path: string, errors: readonly UserErrorView[]): readonly string[] => errors.filter((error) => fieldOf(error) === path).map(({ message }) => message);

const describedBy = (path: string, errors: readonly UserErrorView[]): { 'aria-invalid'?: true; 'aria-describedby'?: string } =>
  messagesAt(path, errors).length > 0 ? { 'aria-invalid': true, 'aria-describedby': `${elementId(path)}-error` } : {};

/** The graph names the input's path; people know the field by its label. */
function FieldError({ path, errors }: { readonly path: string; readonly errors: readonly UserErrorView[] }) {
  const { words } = useShop();
  const label = FIELDS.filter((field) => field.path === path).map(({ name }) => words.fields[name])[0] ?? words.note;
  const messages = messagesAt(path, errors).map((message) => (message.startsWith(`${path} `) ? label + message.slice(path.length) : message));
  return messages.length > 0 ? <p class="error" id={`${elementId(path)}-error`}>{messages.join('. ')}</p> : null;
}

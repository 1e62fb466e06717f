import { add, divide, isPositive, multiply, round, ZERO, type Decimal } from '../../domain/decimal.ts';
import type { KitComponent } from '../../domain/inventory.ts';
import { bomOf, type BomProduct, type Boms } from './boms.ts';
import { decimalOf, idOf, lookUp, textOrNull } from './convert.ts';
import { keepsStock } from './skus.ts';
import { unitFactor, type Units } from './units.ts';
import type { OdooBomLineRow, OdooBomRow, OdooKitProductRow } from './wire.ts';

/** What a kit is made of, or why nobody can tell. */
export type Recipe = { readonly components: readonly KitComponent[] } | { readonly reason: string };

type KitProduct = BomProduct & Pick<OdooKitProductRow, 'uom_id'>;

interface Kitchen {
  readonly boms: Boms;
  readonly units: Units;
  readonly sharedSkus: ReadonlySet<string>;
}

/** The recipe of each of these products that is a kit, per one of its own unit: nested kits taken apart, quantities multiplied. */
export function recipesOf(products: readonly KitProduct[], kitchen: Kitchen): ReadonlyMap<number, Recipe> {
  const known = new Map<number, ReadonlyMap<number, Decimal>>();
  return new Map(products.flatMap((product) => {
    const bom = bomFor(product, kitchen);
    return bom === undefined ? [] : [[product.id, recipeOf(product, bom, kitchen, known)] as const];
  }));
}

const bomFor = (product: BomProduct, { boms }: Kitchen): OdooBomRow | undefined => bomOf(product, boms.byTemplate.get(idOf(product.product_tmpl_id)) ?? []);

function recipeOf(product: KitProduct, bom: OdooBomRow, kitchen: Kitchen, known: Map<number, ReadonlyMap<number, Decimal>>): Recipe {
  try {
    const parts = explode(product, bom, { kitchen, known, path: [] });
    if (parts.size === 0) throw new RangeError('nothing it is made of is kept in stock');
    // Downwards: a third of a piece, three times, must not be more than the piece.
    return { components: [...parts].map(([id, quantity]) => ({ sku: skuOf(id, kitchen), quantity: round(quantity, 12, 'DOWN') })) };
  } catch (error) {
    if (error instanceof RangeError) return { reason: error.message };
    throw error;
  }
}

function skuOf(id: number, { boms, sharedSkus }: Kitchen): string {
  const sku = textOrNull(boms.products.get(id)!.default_code);
  if (sku === null) throw new RangeError(`its component product.product:${id} has no default_code`);
  if (sharedSkus.has(sku)) throw new RangeError(`several products carry the default_code of its component ${JSON.stringify(sku)}`);
  return sku;
}

interface Explosion {
  readonly kitchen: Kitchen;
  readonly known: Map<number, ReadonlyMap<number, Decimal>>;
  /** Kits being taken apart, the outermost first. */
  readonly path: readonly number[];
}

/** Component to quantity per one of the kit's own unit. @throws RangeError saying what is wrong with it. */
function explode(product: KitProduct, bom: OdooBomRow, { kitchen, known, path }: Explosion): ReadonlyMap<number, Decimal> {
  if (path.includes(product.id)) throw new RangeError(`it is a component of itself: ${[...path, product.id].map((id) => `product.product:${id}`).join(' > ')}`);
  const before = known.get(product.id);
  if (before !== undefined) return before;
  const { boms, units } = kitchen;
  const made = multiply(decimalOf(bom.product_qty), unitFactor(lookUp(units, bom.product_uom_id, 'unit'), lookUp(units, product.uom_id, 'unit')));
  if (!isPositive(made)) throw new RangeError(`its bill of materials makes ${made}`);
  const parts = new Map<number, Decimal>();
  for (const line of boms.linesByBom.get(bom.id) ?? []) {
    const component = lookUp(boms.products, line.product_id, 'product');
    const quantity = divide(multiply(decimalOf(line.product_qty), unitFactor(lookUp(units, line.product_uom_id, 'unit'), lookUp(units, component.uom_id, 'unit'))), made);
    if (!isPositive(quantity) || !isFor(product, line, boms)) continue;
    for (const [id, each] of partsOf(component, { kitchen, known, path: [...path, product.id] })) parts.set(id, add(parts.get(id) ?? ZERO, multiply(each, quantity)));
  }
  known.set(product.id, parts);
  return parts;
}

/** Services and goods nobody counts take nothing from stock: Odoo leaves them out of a kit's figure as well. */
function partsOf(component: OdooKitProductRow, explosion: Explosion): ReadonlyMap<number, Decimal> {
  const bom = bomFor(component, explosion.kitchen);
  if (bom !== undefined) return explode(component, bom, explosion);
  return new Map(keepsStock(component) ? [[component.id, '1' as Decimal]] : []);
}

/** A line may be for some variants alone: it names values, and of each attribute named one must be the variant's. */
function isFor(product: BomProduct, line: OdooBomLineRow, { attributeByValue }: Boms): boolean {
  const wanted = Map.groupBy(line.bom_product_template_attribute_value_ids, (value) => attributeByValue.get(value));
  return [...wanted.values()].every((values) => values.some((value) => product.product_template_attribute_value_ids.includes(value)));
}

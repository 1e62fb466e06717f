import { PRODUCT_PAGE } from '../graph/operations.ts';
import type { ProductView, VariantView } from '../graph/types.ts';
import { useQuery } from '../graph/use-query.ts';
import { EVERYTHING } from '../list/listing-choice.ts';
import { paragraphsOf } from '../shell/formats.ts';
import { EmptyNotice, FailureNotice } from '../shell/notice.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { links, replaceWith } from '../shell/route.ts';
import { useShop } from '../shell/shop.ts';
import { AttributeTable } from './attribute-table.tsx';
import { BuyPanel } from './buy-panel.tsx';
import { Gallery } from './gallery.tsx';
import { VariantPicker } from './variant-picker.tsx';

interface ProductPageProps {
  readonly handle: string;
  /** The variant in the address; null = the first one. */
  readonly sku: string | null;
}

export function ProductPage({ handle, sku }: ProductPageProps) {
  const { words } = useShop();
  const { data, failure, loading, reload } = useQuery(PRODUCT_PAGE, { handle });
  if (!data) return failure ? <FailureNotice failure={failure} onRetry={reload} /> : <ProductSkeleton />;
  if (!data.product) return <EmptyNotice title={words.noProduct} link={links.home} linkText={words.toProducts} />;
  return <div class={loading ? 'product product-dimmed' : 'product'}><Product product={data.product} sku={sku} /></div>;
}

function Product({ product, sku }: { readonly product: ProductView; readonly sku: string | null }) {
  const { textProps } = useShop();
  const variant = product.variants.find((one) => one.sku === sku) ?? product.variants[0] ?? null;
  return (
    <>
      <Breadcrumb product={product} />
      <Gallery key={variant?.sku ?? ''} pictures={[...(variant?.media ?? []), ...product.media]} />
      <div class="product-side">
        {product.brand && <p class="product-brand">{product.brand}</p>}
        <PageTitle text={product.name} foreign />
        {variant && <p class="product-sku muted">{variant.sku}</p>}
        {variant && <VariantPicker product={product} chosen={variant} onChoose={(next) => replaceWith(links.product(product.handle, next))} />}
        {variant && <BuyPanel key={variant.sku} variant={variant} name={nameOf(product, variant)} />}
      </div>
      <section class="product-text" {...textProps}>
        {product.description && paragraphsOf(product.description).map((line, index) => <p key={index}>{line}</p>)}
      </section>
      <AttributeTable attributes={[...product.attributes, ...(variant?.attributes ?? [])]} />
    </>
  );
}

function nameOf(product: ProductView, variant: VariantView): string {
  const options = (variant.options ?? []).map(({ value }) => value).join(', ');
  return options ? `${product.name}, ${options}` : product.name;
}

function Breadcrumb({ product }: { readonly product: ProductView }) {
  const { words, textProps } = useShop();
  return (
    <nav class="breadcrumb" aria-label={words.category}>
      <a href={links.home}>{words.products}</a>
      {product.categories.map(({ code, name }) => <a key={code} href={links.list({ ...EVERYTHING, category: code })} {...textProps}>{name}</a>)}
    </nav>
  );
}

function ProductSkeleton() {
  return (
    <div class="product" aria-hidden="true">
      <span class="breadcrumb skeleton skeleton-short" />
      <div class="gallery"><div class="frame skeleton" /></div>
      <div class="product-side">
        <span class="skeleton skeleton-title" />
        <span class="skeleton skeleton-line" />
        <div class="skeleton skeleton-block" />
      </div>
    </div>
  );
}

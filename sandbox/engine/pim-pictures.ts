/** Product pictures drawn as SVG text: a quiet gradient, a simple silhouette, four views. The same arguments, the same bytes. */

/** `shape` one of `shapes`, anything else draws a parcel; `fill` a CSS hex colour; `hue` 0..359 of the background. */
export interface PictureArgs {
  readonly shape: string;
  readonly fill: string;
  readonly hue: string;
  readonly view: string;
  readonly title: string;
}

/** Outlines in a 400 x 400 field, drawn around its middle. */
const shapes: Readonly<Record<string, string>> = {
  tent: 'M40 310 L200 90 L360 310 Z M200 90 L170 310 L230 310 Z',
  backpack: 'M130 130 Q130 70 200 70 Q270 70 270 130 L285 320 Q285 340 265 340 L135 340 Q115 340 115 320 Z M150 220 L250 220 L250 300 L150 300 Z',
  roll: 'M70 160 Q70 110 120 110 L300 110 Q340 110 340 160 L340 250 Q340 300 290 300 L120 300 Q70 300 70 250 Z M130 110 L130 300 M270 110 L270 300',
  stove: 'M110 180 L290 180 L270 215 L130 215 Z M150 215 L120 310 L140 310 L180 215 Z M250 215 L280 310 L260 310 L220 215 Z M170 120 L230 120 L230 180 L170 180 Z',
  bottle: 'M175 60 L225 60 L225 100 Q265 120 265 165 L265 320 Q265 345 240 345 L160 345 Q135 345 135 320 L135 165 Q135 120 175 100 Z',
  lamp: 'M60 170 L145 145 L145 190 L60 215 Z M255 145 L340 170 L340 215 L255 190 Z M150 135 L250 135 L250 250 Q200 275 150 250 Z M200 165 A32 32 0 1 0 201 165 Z',
  lantern: 'M150 120 L250 120 L275 250 L125 250 Z M190 250 L210 250 L210 320 L190 320 Z M140 320 L260 320 L260 340 L140 340 Z',
  poles: 'M140 60 L155 60 L190 345 L182 345 Z M260 60 L245 60 L210 345 L218 345 Z',
  rope: 'M200 90 Q310 90 310 200 Q310 310 200 310 Q90 310 90 200 Q90 90 200 90 Z M200 150 Q150 150 150 200 Q150 250 200 250 Q250 250 250 200 Q250 150 200 150 Z',
  jacket: 'M150 75 Q200 105 250 75 L310 110 L345 290 L300 300 L278 200 L280 340 L120 340 L122 200 L100 300 L55 290 L90 110 Z M197 95 L203 95 L203 340 L197 340 Z',
  tee: 'M145 90 Q200 125 255 90 L335 135 L305 195 L270 178 L270 335 L130 335 L130 178 L95 195 L65 135 Z',
  trousers: 'M135 70 L265 70 L285 345 L225 345 L200 165 L175 345 L115 345 Z',
  shorts: 'M125 120 L275 120 L300 290 L215 290 L200 200 L185 290 L100 290 Z',
  beanie: 'M95 245 Q95 110 200 110 Q305 110 305 245 Z M85 252 L315 252 L315 300 L85 300 Z M200 78 A18 18 0 1 0 201 78 Z',
  socks: 'M130 70 L215 70 L215 220 Q290 250 290 295 Q290 325 255 325 L170 325 Q130 320 130 260 Z',
  boot: 'M120 80 L220 80 L225 200 Q320 215 330 280 L330 300 L110 300 Z M110 308 L330 308 L330 335 L110 335 Z',
  blanket: 'M70 120 L330 120 L330 290 L70 290 Z M70 150 L330 150 M70 260 L330 260 M80 290 L80 315 M140 290 L140 315 M200 290 L200 315 M260 290 L260 315 M320 290 L320 315',
  cushion: 'M90 100 Q200 125 310 100 Q285 200 310 300 Q200 275 90 300 Q115 200 90 100 Z',
  pot: 'M95 165 L305 165 L290 310 Q288 325 270 325 L130 325 Q112 325 110 310 Z M85 145 L315 145 L315 165 L85 165 Z M185 120 L215 120 L215 145 L185 145 Z',
  mug: 'M110 130 L260 130 L252 310 Q251 322 238 322 L132 322 Q119 322 118 310 Z M262 165 Q325 165 320 225 Q315 275 257 270 L258 250 Q298 252 300 222 Q300 187 261 187 Z',
  board: 'M125 90 L275 90 Q295 90 295 110 L295 320 Q295 340 275 340 L125 340 Q105 340 105 320 L105 110 Q105 90 125 90 Z M185 110 L215 110 L215 130 L185 130 Z',
  candle: 'M140 170 L260 170 L260 335 L140 335 Z M196 140 L204 140 L204 170 L196 170 Z M200 75 Q228 115 200 142 Q172 115 200 75 Z',
  basket: 'M85 180 L315 180 L285 325 L115 325 Z M110 180 Q110 80 200 80 Q290 80 290 180 L272 180 Q272 100 200 100 Q128 100 128 180 Z',
  stool: 'M95 150 Q95 125 200 125 Q305 125 305 150 L305 170 L95 170 Z M125 170 L145 170 L125 340 L105 340 Z M255 170 L275 170 L295 340 L275 340 Z',
  sack: 'M125 110 L275 110 Q300 220 285 335 L115 335 Q100 220 125 110 Z M135 80 L265 80 L275 110 L125 110 Z',
  bike: 'M115 190 A70 70 0 1 0 116 190 Z M285 190 A70 70 0 1 0 286 190 Z M115 255 L165 150 L255 150 L285 260 M165 150 L200 260 L255 150 M150 135 L180 135',
  wheel: 'M200 70 A130 130 0 1 0 201 70 Z M200 100 A100 100 0 1 1 199 100 Z M200 100 L200 300 M100 200 L300 200 M130 130 L270 270 M270 130 L130 270',
  helmet: 'M70 250 Q70 110 200 110 Q330 110 330 240 L280 265 Z M130 150 L180 135 L170 175 Z M210 132 L260 145 L240 178 Z',
  frame: 'M100 260 L160 140 L270 140 L300 260 M160 140 L205 265 L270 140 M100 260 L205 265',
  part: 'M200 90 L295 145 L295 255 L200 310 L105 255 L105 145 Z M200 160 A40 40 0 1 0 201 160 Z',
};
/** Drawn as lines; filling would close what is open. */
const wires = new Set(['bike', 'frame']);
const parcel = 'M90 140 L310 140 L310 310 L90 310 Z M185 140 L215 140 L215 310 L185 310 Z';

/** Front and back show the thing, detail shows it near, scene puts it in a landscape. */
const views: Readonly<Record<string, (hue: number) => { readonly behind: string; readonly place: string }>> = {
  front: () => ({ behind: shadow, place: 'translate(0 0)' }),
  back: () => ({ behind: shadow, place: 'translate(400 0) scale(-1 1)' }),
  detail: () => ({ behind: '', place: 'translate(-190 -150) scale(1.95)' }),
  scene: (hue) => ({
    behind: `<circle cx="310" cy="90" r="34" fill="hsl(45 85% 84%)"/>`
      + `<path d="M0 300 L90 190 L170 270 L260 160 L400 310 L400 400 L0 400 Z" fill="hsl(${hue} 22% 66%)"/>`
      + `<path d="M0 340 Q110 290 220 335 T400 325 L400 400 L0 400 Z" fill="hsl(${hue} 24% 52%)"/>`,
    place: 'translate(100 130) scale(0.55)',
  }),
};
const shadow = '<ellipse cx="200" cy="348" rx="120" ry="14" fill="#000" opacity="0.14"/>';

/** A square picture, about one kilobyte; it scales to any size. */
export function drawPicture(args: PictureArgs): string {
  const hue = /^\d{1,3}$/.test(args.hue) ? Number.parseInt(args.hue, 10) : 210;
  const { behind, place } = (views[args.view] ?? views['front']!)(hue);
  const outline = shapes[args.shape] ?? parcel;
  const fill = /^#[0-9a-f]{6}$/i.test(args.fill) ? args.fill : '#6b7c8c';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="800" height="800" role="img"><title>${escapeXml(args.title)}</title>`
    + `<defs><linearGradient id="b" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="hsl(${hue} 34% 94%)"/><stop offset="1" stop-color="hsl(${hue} 28% 80%)"/></linearGradient>`
    + '<linearGradient id="s" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#fff" stop-opacity="0.32"/><stop offset="1" stop-color="#000" stop-opacity="0.22"/></linearGradient></defs>'
    + `<rect width="400" height="400" fill="url(#b)"/>${behind}<g transform="${place}" fill-rule="evenodd" stroke-linejoin="round" stroke-linecap="round">`
    + (wires.has(args.shape) ? `<path d="${outline}" fill="none" stroke="${fill}" stroke-width="14"/>` : solid(outline, fill)) + '</g></svg>';
}

function solid(outline: string, fill: string): string {
  return `<path d="${outline}" fill="${fill}" stroke="${fill}" stroke-width="6"/><path d="${outline}" fill="url(#s)" stroke="#000" stroke-opacity="0.28" stroke-width="2"/>`;
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"]/g, (sign) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' })[sign] ?? sign);
}

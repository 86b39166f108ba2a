/**
 * The symbols as bitmaps. Relief and shadows of the drawings cost a weak machine a second each time a reel fills; drawn
 * once, a cell is only a picture to move. Until they are ready, and where this fails, the drawings themselves are shown.
 */
import font from "@fontsource/lilita-one/files/lilita-one-latin-400-normal.woff2?url";

/** Device pixels a side: enough for a cell on a large dense screen. */
const SIDE = 320;

function base64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** A picture inside an `<img>` sees no font of the page, so it carries its own. */
async function fontRule(): Promise<string> {
  const bytes = new Uint8Array(await (await fetch(font)).arrayBuffer());
  return `<style>@font-face{font-family:"Lilita One";src:url(data:font/woff2;base64,${base64(bytes)})}</style>`;
}

function standalone(symbol: Element, shared: string, style: string): string {
  const size = `width="${SIDE}" height="${SIDE}" viewBox="0 0 200 200"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${style}<defs>${shared}</defs>${symbol.innerHTML}</svg>`;
}

async function paint(source: string): Promise<string> {
  const address = URL.createObjectURL(new Blob([source], { type: "image/svg+xml" }));
  const image = new Image(SIDE, SIDE);
  image.src = address;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const pen = canvas.getContext("2d");
  pen?.drawImage(image, 0, 0, SIDE, SIDE);
  // Some browsers load the font inside a picture only once it was drawn: the second drawing has it.
  await new Promise((resolve) => setTimeout(resolve, 60));
  pen?.clearRect(0, 0, SIDE, SIDE);
  pen?.drawImage(image, 0, 0, SIDE, SIDE);
  URL.revokeObjectURL(address);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
  if (!blob) throw new Error("no bitmap");
  const picture = new Image();
  picture.src = URL.createObjectURL(blob);
  await picture.decode();
  return picture.src;
}

/** Addresses of the bitmaps by symbol name. Rejects when this browser cannot make them. */
export async function paintAll(sprite: Element): Promise<Map<string, string>> {
  const shared = sprite.querySelector("defs")?.innerHTML ?? "";
  const style = await fontRule();
  const painted = new Map<string, string>();
  for (const symbol of sprite.querySelectorAll("symbol")) {
    painted.set(symbol.id.replace(/^art-/, ""), await paint(standalone(symbol, shared, style)));
  }
  return painted;
}

import sprite from "virtual:game-art/sea";

import { SeaScene } from "./SeaScene.tsx";

// Every gradient id may stand in a page once only.
let placed = false;
function placeSprite(): void {
  if (placed) return;
  placed = true;
  const holder = document.createElement("div");
  holder.className = "art-sprite";
  holder.innerHTML = sprite;
  document.body.append(holder);
}

export function SeaCover() {
  placeSprite();
  return <SeaScene />;
}

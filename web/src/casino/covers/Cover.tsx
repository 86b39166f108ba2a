import { lazy, Suspense } from "react";

import type { Game } from "../backend.ts";
import { BlackjackCover } from "./BlackjackCover.tsx";
import { RouletteCover } from "./RouletteCover.tsx";

// The sea's pictures come with the game's own sprite, a chunk that the other covers do without.
const SeaCover = lazy(() => import("./SeaCover.tsx").then(({ SeaCover }) => ({ default: SeaCover })));

/** The picture of a game: drawn here, decoration beside the game's name. */
export function Cover({ game }: { game: Game }) {
  return (
    <span className={`cover cover-${game.kind}`} aria-hidden>
      <Suspense fallback={null}>
        {game.kind === "roulette" ? (
          <RouletteCover />
        ) : game.kind === "blackjack" ? (
          <BlackjackCover />
        ) : (
          <SeaCover />
        )}
      </Suspense>
    </span>
  );
}

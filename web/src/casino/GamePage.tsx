import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Language } from "../i18n/languages.ts";
import { Problem } from "../problem.ts";
import { backend, type BreakState, type Game, type Visitor, type WireCall } from "./backend.ts";
import { Balance } from "./Balance.tsx";
import { BrokenToasts } from "./BrokenToasts.tsx";
import { messageOf } from "./messages.ts";
import { Notice } from "./Notice.tsx";
import { go } from "./place.ts";
import { UnderTheHood } from "./UnderTheHood.tsx";

type Props = {
  game: Game;
  visitor: Visitor;
  language: Language;
  calls: WireCall[];
  breaking: BreakState;
  breakIt: (mode: string) => Promise<void>;
};

/** A game that asks for a new launch again and again would never stop by itself. */
const RELAUNCH_PAUSE_MS = 4000;

export function GamePage({ game, visitor, language, calls, breaking, breakIt }: Props) {
  const { t } = useTranslation("casino");
  const [launchUrl, setLaunchUrl] = useState<string | null>(null);
  const [error, setError] = useState<Problem | null>(null);
  const [open, setOpen] = useState(() => window.innerWidth >= 900);
  const frame = useRef<HTMLIFrameElement>(null);
  const launchedAt = useRef(0);

  const launch = useCallback(async () => {
    launchedAt.current = performance.now();
    setLaunchUrl(null);
    setError(null);
    try {
      setLaunchUrl((await backend.launch(game.id, language)).launch_url);
    } catch (failure) {
      setError(failure instanceof Problem ? failure : new Problem(0, "unexpected", String(failure)));
    }
  }, [game.id, language]);

  // Strict mode mounts twice in development; a launch link works once and the second launch would end the first.
  const started = useRef(false);
  useEffect(() => {
    if (started.current) return;
    started.current = true;
    void launch();
  }, [launch]);

  useEffect(() => {
    const hear = (event: MessageEvent<unknown>) => {
      if (!launchUrl || event.origin !== new URL(launchUrl).origin) return;
      if (event.source !== frame.current?.contentWindow) return;
      const message = messageOf(event.data);
      if (message === "close") go("/");
      if (message === "relaunch") {
        if (performance.now() - launchedAt.current > RELAUNCH_PAUSE_MS) void launch();
        else setError(new Problem(409, "relaunch", t("relaunch")));
      }
    };
    window.addEventListener("message", hear);
    return () => {
      window.removeEventListener("message", hear);
    };
  }, [launchUrl, launch, t]);

  const platform = launchUrl ? new URL(launchUrl).origin : null;
  return (
    <div className={open ? "table-page hood-open" : "table-page"}>
      <header className="table-head">
        <a
          className="back"
          href="/"
          onClick={(event) => {
            event.preventDefault();
            go("/");
          }}
        >
          <span aria-hidden>←</span> {t("lobby")}
        </a>
        <h1>{game.name}</h1>
        <span className="grow" />
        <Balance visitor={visitor} />
        <button
          type="button"
          className={breaking.mode === "off" ? "button hood-button" : "button hood-button is-broken"}
          aria-expanded={open}
          aria-controls="hood"
          onClick={() => {
            setOpen(!open);
          }}
        >
          {breaking.mode === "off" ? t("hood.title") : t("hood.broken")}
        </button>
      </header>
      <main className="game-place">
        {error ? (
          <Notice error={error} retry={() => void launch()} />
        ) : launchUrl ? (
          <iframe
            ref={frame}
            className="game-frame"
            src={launchUrl}
            title={game.name}
            allow="autoplay; fullscreen"
            data-testid="game"
          />
        ) : (
          <p className="loading">{t("launching")}</p>
        )}
      </main>
      <UnderTheHood
        open={open}
        setOpen={setOpen}
        calls={calls}
        visitor={visitor}
        breaking={breaking}
        breakIt={breakIt}
        platform={platform}
      />
      <BrokenToasts calls={calls} platform={platform} breaking={breaking} />
    </div>
  );
}

import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Spade } from "../brand/Spade.tsx";
import { LANGUAGE_NAMES, type Language } from "../i18n/languages.ts";
import { backend, type BreakState, type Game, type Visitor } from "./backend.ts";
import { Balance } from "./Balance.tsx";
import { Cover } from "./covers/Cover.tsx";
import { percentOf } from "../percent.ts";
import { go } from "./place.ts";
import { SchemeButton } from "./SchemeButton.tsx";

type Props = {
  visitor: Visitor;
  games: Game[];
  breaking: BreakState;
  languages: readonly Language[];
  choose: (choice: { currency?: string; language?: Language }) => Promise<void>;
};

const KINDS = ["slot", "roulette", "blackjack"];

/** Known kinds in our order, others behind them. */
function place(kind: string): number {
  const found = KINDS.indexOf(kind);
  return found < 0 ? KINDS.length : found;
}

export function Lobby({ visitor, games, breaking, languages, choose }: Props) {
  const { t, i18n } = useTranslation("casino");
  const [kind, setKind] = useState("all");
  const sorted = games.toSorted((a, b) => place(a.kind) - place(b.kind));
  const kinds = ["all", ...new Set(sorted.map((game) => game.kind))];
  const shown = sorted.filter((game) => kind === "all" || game.kind === kind);
  const currencies = visitor.currencies ?? ["EUR", "USD", "JPY", "KWD", "BTC"];
  return (
    <div className="lobby">
      <header className="lobby-head">
        <a
          className="casino-brand"
          href="/"
          onClick={(event) => {
            event.preventDefault();
            go("/");
          }}
        >
          <Spade size={34} />
          <span>{t("name")}</span>
        </a>
        <span className="tag">{t("playMoney")}</span>
        <span className="grow" />
        <Balance visitor={visitor} />
        <label className="pick">
          <span className="spoken-only">{t("currency")}</span>
          <select
            value={visitor.currency}
            onChange={(event) => void choose({ currency: event.currentTarget.value })}
          >
            {currencies.map((code) => (
              <option key={code}>{code}</option>
            ))}
          </select>
        </label>
        <label className="pick">
          <span className="spoken-only">{t("language")}</span>
          <select
            value={i18n.language}
            onChange={(event) => void choose({ language: event.currentTarget.value as Language })}
          >
            {languages.map((language) => (
              <option key={language} value={language} lang={language}>
                {LANGUAGE_NAMES[language]}
              </option>
            ))}
          </select>
        </label>
        <SchemeButton />
      </header>

      <main>
        <section className="welcome">
          <svg className="welcome-spade" viewBox="0 0 100 120" aria-hidden focusable="false">
            <path d="M50 4C60 30 96 46 96 74c0 17-13 26-27 26-7 0-12-3-15-7 1 12 6 19 14 25H32c8-6 13-13 14-25-3 4-8 7-15 7-14 0-27-9-27-26C4 46 40 30 50 4z" />
          </svg>
          <h1>{t("welcome.title")}</h1>
          <p>{t("welcome.text")}</p>
        </section>
        {breaking.mode !== "off" && <p className="broken-line">{t("break.isOn")}</p>}
        <div className="kinds" role="group" aria-label={t("kinds.label")}>
          {kinds.map((name) => (
            <button
              key={name}
              type="button"
              className="chip"
              aria-pressed={kind === name}
              onClick={() => {
                setKind(name);
              }}
            >
              {t(`kinds.${name as "all"}`, { defaultValue: name })}
            </button>
          ))}
        </div>
        <ul className="games">
          {shown.map((game) => (
            <GameCard key={game.id} game={game} />
          ))}
        </ul>
      </main>

      <footer className="lobby-foot">
        <p>{t("foot")}</p>
        <p className="small">{t("credits")}</p>
      </footer>
    </div>
  );
}

function GameCard({ game }: { game: Game }) {
  const { t, i18n } = useTranslation("casino");
  const [rtp] = Object.values(game.rtp);
  return (
    <li className="game-card" data-testid={`game-${game.id}`}>
      <a
        href={`/g/${encodeURIComponent(game.id)}`}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          go(`/g/${encodeURIComponent(game.id)}`);
        }}
      >
        <Cover game={game} />
        <span className="game-card-text">
          <strong className="game-name">{game.name}</strong>
          <span className="game-kind">{t(`kinds.${game.kind as "slot"}`, { defaultValue: game.kind })}</span>
          <span className="game-facts">
            {rtp && <span>{t("rtp", { rtp: percentOf(rtp, i18n.language) })}</span>}
            {game.max_win > 0 && (
              <span>{t("maxWin", { times: new Intl.NumberFormat(i18n.language).format(game.max_win) })}</span>
            )}
          </span>
          <span className="play-button">{t("play")}</span>
        </span>
      </a>
      {game.free_rounds && <GiftButton game={game} />}
    </li>
  );
}

/** Ten free rounds and into the game: what an operator's server does with two calls. */
function GiftButton({ game }: { game: Game }) {
  const { t } = useTranslation("casino");
  const [state, setState] = useState<"" | "asking" | "failed">("");
  const give = async () => {
    setState("asking");
    try {
      await backend.giveFreeRounds(game.id);
      go(`/g/${encodeURIComponent(game.id)}`);
    } catch {
      setState("failed");
    }
  };
  return (
    <>
      <button
        type="button"
        className="gift-button"
        disabled={state === "asking"}
        aria-label={t("gift.label", { game: game.name })}
        data-testid={`gift-${game.id}`}
        onClick={() => void give()}
      >
        {t("gift.button")}
      </button>
      {state === "failed" && (
        <p className="gift-failed" role="alert">
          {t("gift.failed")}
        </p>
      )}
    </>
  );
}

import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { LANGUAGES, type Language } from "../i18n/languages.ts";
import { changeLanguage } from "../i18n/start.ts";
import { Problem } from "../problem.ts";
import { backend, followWire, type BreakState, type Game, type Visitor, type WireCall } from "./backend.ts";
import { GamePage } from "./GamePage.tsx";
import { Lobby } from "./Lobby.tsx";
import { Notice } from "./Notice.tsx";
import { gameIn, go, usePathname } from "./place.ts";
import { balanceOf, currencyOf, withCall } from "./wire.ts";

/** The whole demo casino: who is here, what there is to play, and the wallet calls as they come. */
export function Casino() {
  const { t, i18n } = useTranslation("casino");
  const pathname = usePathname();
  const [visitor, setVisitor] = useState<Visitor | null>(null);
  const [games, setGames] = useState<Game[] | null>(null);
  const [breaking, setBreaking] = useState<BreakState>({ mode: "off" });
  const [calls, setCalls] = useState<WireCall[]>([]);
  const [error, setError] = useState<Problem | null>(null);
  const language = i18n.language as Language;

  const load = useCallback(async () => {
    try {
      const me = await backend.me(); // On a first visit this makes the visitor, so it comes before all else.
      setVisitor(me.language === i18n.language ? me : await backend.choose({ language: i18n.language }));
      const [list, state] = await Promise.all([backend.games(), backend.breakState()]);
      setGames(list);
      setBreaking(state);
    } catch (failure) {
      setError(failure instanceof Problem ? failure : new Problem(0, "unexpected", String(failure)));
    }
  }, [i18n]);

  useEffect(() => {
    // eslint-disable-next-line react-hooks/set-state-in-effect -- state is set when the answers are there
    void load();
  }, [load]);

  const playerId = visitor?.player_id;
  useEffect(() => {
    if (!playerId) return undefined;
    return followWire((call) => {
      setCalls((known) => withCall(known, call));
      const balance = balanceOf(call);
      if (balance === null) return;
      setVisitor((known) => (known && known.currency === currencyOf(call) ? { ...known, balance } : known));
    });
  }, [playerId]);

  const choose = useCallback(async (choice: { currency?: string; language?: Language }) => {
    if (choice.language) await changeLanguage(choice.language);
    if (choice.currency) setCalls([]); // Another currency is another player with a wire of their own.
    setVisitor(await backend.choose(choice));
  }, []);

  const breakIt = useCallback(async (mode: string) => {
    await backend.breakIt(mode);
    setBreaking((known) => ({ ...known, mode }));
  }, []);

  const gameId = gameIn(pathname);
  const game = games?.find(({ id }) => id === gameId);
  useEffect(() => {
    document.title = game ? `${game.name} · ${t("title")}` : t("title");
  }, [game, t]);

  const retry = () => {
    setError(null);
    void load();
  };
  if (error) return <Notice error={error} retry={retry} />;
  if (!visitor || !games) return <p className="loading">{t("loading")}</p>;
  if (gameId && !game) {
    return (
      <Notice
        error={new Problem(404, "unknown_game", t("unknownGame"))}
        retry={() => {
          go("/");
        }}
      />
    );
  }
  return game ? (
    <GamePage
      key={`${game.id}/${visitor.player_id}`}
      game={game}
      visitor={visitor}
      language={language}
      calls={calls}
      breaking={breaking}
      breakIt={breakIt}
    />
  ) : (
    <Lobby visitor={visitor} games={games} breaking={breaking} languages={LANGUAGES} choose={choose} />
  );
}

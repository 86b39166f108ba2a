import { useQuery } from "@tanstack/react-query";

import { gamesQuery } from "../queries.ts";

/** `name(id)`: what a game is called; its id while the list is not there yet. */
export function useGameNames(): {
  name: (gameId: string) => string;
  all: { value: string; label: string }[];
} {
  const { data } = useQuery(gamesQuery);
  const games = data?.items ?? [];
  return {
    name: (gameId) => games.find(({ id }) => id === gameId)?.name ?? gameId,
    all: games.map(({ id, name }) => ({ value: id, label: name })),
  };
}

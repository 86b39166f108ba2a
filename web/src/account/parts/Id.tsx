import { Link } from "@tanstack/react-router";

import { Copy } from "./Copy.tsx";

/** Long ids differ at their end: the middle is what can be left out. `rd_…k3JdX9Yz` */
export function shortId(id: string): string {
  if (id.length <= 18) return id;
  const prefix = /^[a-z]{1,4}_/.exec(id)?.[0] ?? id.slice(0, 4);
  return `${prefix}…${id.slice(-8)}`;
}

type Shown = { id: string; whole?: boolean };

function Text({ id, whole = false }: Shown) {
  return (
    <span className="mono" title={id}>
      {whole ? id : shortId(id)}
    </span>
  );
}

export function RoundId({ id, whole }: Shown) {
  return (
    <span className="id">
      <Link to="/account/rounds/$roundId" params={{ roundId: id }} className="link">
        <Text id={id} whole={whole ?? false} />
      </Link>
      <Copy value={id} what={id} />
    </span>
  );
}

export function ExchangeId({ id, whole }: Shown) {
  return (
    <span className="id">
      <Link to="/account/exchanges/$exchangeId" params={{ exchangeId: id }} className="link">
        <Text id={id} whole={whole ?? false} />
      </Link>
      <Copy value={id} what={id} />
    </span>
  );
}

/** A player leads to the player's rounds. */
export function PlayerId({ id, whole }: Shown) {
  return (
    <span className="id">
      <Link to="/account/rounds" search={{ player_id: id }} className="link">
        <Text id={id} whole={whole ?? false} />
      </Link>
      <Copy value={id} what={id} />
    </span>
  );
}

export function PlainId({ id, whole }: Shown) {
  return (
    <span className="id">
      <Text id={id} whole={whole ?? false} />
      <Copy value={id} what={id} />
    </span>
  );
}
